//! The axes of a trade record, as `crate::customs` and `crate::reference::transport` name them.

use crate::wire_enum;

wire_enum! {
    /// Which way the goods cross the border of the country that records them.
    pub enum Direction {
        /// Into the country.
        Import = "import",
        /// Out of the country.
        Export = "export",
    }
}

wire_enum! {
    /// Who trades with whom.
    pub enum PartyForm {
        /// Business with business.
        B2b = "b2b",
        /// Business with consumer.
        B2c = "b2c",
        /// Consumer with consumer.
        C2c = "c2c",
    }
}

wire_enum! {
    /// Where the deal was made.
    pub enum DealLocus {
        /// By contract between the two, outside any platform.
        Offline = "offline",
        /// Through the order flow of a platform.
        Platform = "platform",
    }
}

wire_enum! {
    /// How the goods went to the other side.
    pub enum GoodsRoute {
        /// As general cargo.
        GeneralCargo = "general_cargo",
        /// As parcels by air.
        AirParcel = "air_parcel",
        /// By post.
        Post = "post",
        /// By an express carrier.
        Express = "express",
        /// Through a warehouse abroad, sold from there.
        OverseasWarehouse = "overseas_warehouse",
        /// Through a bonded warehouse.
        BondedWarehouse = "bonded_warehouse",
    }
}

wire_enum! {
    /// Who declared to customs.
    pub enum DeclarantRole {
        /// The sender of the goods.
        Consignor = "consignor",
        /// The receiver of the goods.
        Consignee = "consignee",
        /// A customs broker.
        Broker = "broker",
        /// The post.
        PostalOperator = "postal_operator",
        /// An express carrier.
        ExpressOperator = "express_operator",
        /// An e-commerce firm or platform.
        EcommerceFirm = "ecommerce_firm",
    }
}

wire_enum! {
    /// How the goods cross the border.
    pub enum TransportMode {
        /// By sea.
        Sea = "sea",
        /// By rail.
        Rail = "rail",
        /// By road.
        Road = "road",
        /// By air.
        Air = "air",
        /// By post or courier.
        Post = "post",
        /// By several modes under one contract.
        Multimodal = "multimodal",
        /// By pipeline or cable.
        Pipeline = "pipeline",
        /// By inland waterway.
        InlandWater = "inland_water",
        /// Under its own power.
        OwnPropulsion = "own_propulsion",
    }
}
