//! The stored end of a hash chain.

use sqlx::FromRow;

use super::StoreError;
use super::rows::Row;
use crate::domain::{ChainHead, ChainName};

#[derive(FromRow)]
pub(super) struct HeadRow {
    began_at: i64,
    event_id: i64,
    length: i64,
    hash: Vec<u8>,
    seal: Vec<u8>,
}

impl HeadRow {
    /// The end of this chain, and its seal.
    pub(super) fn read(
        self,
        chain: ChainName,
        table: &'static str,
    ) -> Result<(ChainHead, Vec<u8>), StoreError> {
        let place = Row { table, id: &1 };
        let head = ChainHead {
            chain,
            began_at: place.time("began_at", self.began_at)?,
            event: self.event_id,
            length: self.length,
            hash: self.hash,
        };
        Ok((head, self.seal))
    }
}
