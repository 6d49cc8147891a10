//! Whose code list a regime is of.

use crate::wire_enum;

wire_enum! {
    /// Whose code list a regime is of.
    pub enum RegimeSystem {
        /// China: supervision mode, four digits.
        CnSupervision = "cn_supervision",
        /// European Union: requested and previous procedure, four digits.
        EuProcedure = "eu_procedure",
        /// United States: entry type, two digits; imports only.
        UsEntryType = "us_entry_type",
        /// United Nations: customs procedure, `C` and two digits.
        UnProcedure = "un_procedure",
    }
}
