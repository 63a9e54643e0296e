//! The identifiers of the domain as values of both databases.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::{PgHasArrayType, PgTypeInfo};
use sqlx::{Database, Decode, Encode, Type};
use uuid::Uuid;

use crate::domain::{
    EditorId, IssueId, LeaseId, NewsletterId, OutboxId, SessionId, SubscriberId, SubscriptionId,
    WorkerId,
};

/// Binds and reads an identifier as the value it wraps.
macro_rules! as_inner_value {
    ($($id:ident($inner:ty)),+ $(,)?) => {$(
        impl<DB: Database> Type<DB> for $id
        where
            $inner: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$inner as Type<DB>>::type_info()
            }

            fn compatible(ty: &DB::TypeInfo) -> bool {
                <$inner as Type<DB>>::compatible(ty)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $id
        where
            $inner: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                self.0.encode_by_ref(buffer)
            }

            fn produces(&self) -> Option<DB::TypeInfo> {
                self.0.produces()
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $id
        where
            $inner: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                <$inner as Decode<'r, DB>>::decode(value).map(Self)
            }
        }

        impl PgHasArrayType for $id {
            fn array_type_info() -> PgTypeInfo {
                <$inner as PgHasArrayType>::array_type_info()
            }
        }
    )+};
}

as_inner_value!(
    NewsletterId(Uuid),
    IssueId(Uuid),
    OutboxId(Uuid),
    LeaseId(Uuid),
    EditorId(Uuid),
    SessionId(Uuid),
    SubscriberId(i64),
    SubscriptionId(i64),
    WorkerId(i64),
);
