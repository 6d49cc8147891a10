//! Rows of `exchange_rates`.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{DatedRates, History};
use crate::error::{Problem, Result};
use crate::money::{Currency, Micros};
use crate::on_each;
use crate::store::schema::exchange_rates;
use crate::store::{Conn, MOST_IDS, Tx};

#[derive(Insertable, Queryable)]
#[diesel(table_name = exchange_rates)]
struct RateRow {
    day: NaiveDate,
    currency: String,
    base: String,
    source: String,
    per_base_micros: i64,
}

/// Puts the rates of these days in the place of those before.
pub(super) fn replace(tx: &mut Tx, days: &[DatedRates]) -> Result<()> {
    let dates: Vec<NaiveDate> = days.iter().map(|rates| rates.date).collect();
    for part in dates.chunks(MOST_IDS) {
        diesel::delete(exchange_rates::table.filter(exchange_rates::day.eq_any(part))).execute(tx.conn())?;
    }
    for rates in days {
        let rows = rates.per_base.iter().map(|(currency, rate)| row(rates, *currency, *rate));
        let rows = rows.collect::<Result<Vec<_>>>()?;
        on_each!(tx.conn(), |c| diesel::insert_into(exchange_rates::table).values(&rows).execute(c))?;
    }
    Ok(())
}

fn row(rates: &DatedRates, currency: Currency, rate: rust_decimal::Decimal) -> Result<RateRow> {
    let micros = Micros::from_decimal(rate).filter(|rate| rate.is_positive());
    let micros = micros.ok_or_else(|| Problem::internal(format!("the rate {rate} of {currency} is out of range")))?;
    Ok(RateRow {
        day: rates.date,
        currency: currency.to_string(),
        base: rates.base.to_string(),
        source: rates.source.clone(),
        per_base_micros: micros.0,
    })
}

/// Every rate there is. A currency that this version does not know is left out.
pub fn load(conn: &mut Conn) -> Result<History> {
    let rows: Vec<RateRow> = exchange_rates::table
        .select((
            exchange_rates::day,
            exchange_rates::currency,
            exchange_rates::base,
            exchange_rates::source,
            exchange_rates::per_base_micros,
        ))
        .load(conn)?;
    let mut days: BTreeMap<NaiveDate, DatedRates> = BTreeMap::new();
    for row in rows {
        let (Ok(currency), Ok(base)) = (row.currency.parse::<Currency>(), row.base.parse::<Currency>()) else {
            continue;
        };
        let (source, date) = (row.source, row.day);
        let day = days.entry(date).or_insert_with(|| DatedRates { source, date, base, per_base: HashMap::new() });
        day.per_base.insert(currency, Micros(row.per_base_micros).to_decimal());
    }
    Ok(days.into_values().collect())
}
