//! Main ports of world trade by UN/LOCODE. A short list of our own to offer first; any well-formed code is accepted.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::Locode;

/// One port of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Port {
    /// UN/LOCODE, whose first two characters are the country.
    #[schema(value_type = String, example = "NLRTM")]
    pub code: &'static str,
    /// English name.
    #[schema(value_type = String, example = "Rotterdam")]
    pub name: &'static str,
}

macro_rules! ports {
    ($($code:literal $name:literal),* $(,)?) => { &[$(Port { code: $code, name: $name },)*] };
}

static PORTS: &[Port] = ports![
    "AEJEA" "Jebel Ali", "ARBUE" "Buenos Aires", "AUMEL" "Melbourne", "AUSYD" "Sydney", "BDCGP" "Chattogram",
    "BEANR" "Antwerp", "BRRIO" "Rio de Janeiro", "BRSSZ" "Santos", "CAMTR" "Montreal", "CAVAN" "Vancouver",
    "CLSAI" "San Antonio", "CNCAN" "Guangzhou", "CNDLC" "Dalian", "CNNGB" "Ningbo", "CNSHA" "Shanghai",
    "CNSZX" "Shenzhen", "CNTAO" "Qingdao", "CNTSN" "Tianjin", "CNXMN" "Xiamen", "COCTG" "Cartagena", "DEBRV" "Bremerhaven", "DEHAM" "Hamburg",
    "DKAAR" "Aarhus", "ECGYE" "Guayaquil", "EGALY" "Alexandria", "EGPSD" "Port Said", "ESALG" "Algeciras",
    "ESBCN" "Barcelona", "ESVLC" "Valencia", "FIHEL" "Helsinki", "FRLEH" "Le Havre", "FRMRS" "Marseille",
    "GBFXT" "Felixstowe", "GBLGP" "London Gateway", "GBSOU" "Southampton", "GRPIR" "Piraeus", "HKHKG" "Hong Kong",
    "IDJKT" "Jakarta", "IEDUB" "Dublin", "INMAA" "Chennai", "INMUN" "Mundra", "INNSA" "Nhava Sheva", "ITGIT" "Gioia Tauro",
    "ITGOA" "Genoa", "JPNGO" "Nagoya", "JPTYO" "Tokyo", "JPUKB" "Kobe", "JPYOK" "Yokohama", "KEMBA" "Mombasa", "KRINC" "Incheon",
    "KRPUS" "Busan", "LKCMB" "Colombo", "MAPTM" "Tanger-Med", "MXVER" "Veracruz", "MXZLO" "Manzanillo", "MYPKG" "Port Klang",
    "MYTPP" "Tanjung Pelepas", "NGAPP" "Apapa", "NLRTM" "Rotterdam", "NOOSL" "Oslo", "NZAKL" "Auckland", "PACTB" "Cristobal",
    "PECLL" "Callao", "PHMNL" "Manila", "PKKHI" "Karachi", "PLGDN" "Gdansk", "PTSIE" "Sines", "SAJED" "Jeddah",
    "SEGOT" "Gothenburg", "SGSIN" "Singapore", "SIKOP" "Koper", "THLCH" "Laem Chabang", "TRIST" "Istanbul", "TRMER" "Mersin",
    "TWKHH" "Kaohsiung", "USHOU" "Houston", "USLAX" "Los Angeles", "USLGB" "Long Beach", "USNYC" "New York",
    "USSAV" "Savannah", "VNHPH" "Haiphong", "VNSGN" "Ho Chi Minh City", "ZADUR" "Durban",
];

/// The main ports, by code.
pub fn all() -> &'static [Port] {
    PORTS
}

/// The name of a main port; `None` for a place that the short list does not hold, which says nothing against it.
pub fn name(code: Locode) -> Option<&'static str> {
    PORTS.iter().find(|port| port.code == code.as_str()).map(|port| port.name)
}
