//! The pages on which a person uses the rights to the stored data.

pub(super) mod address_change;
pub(super) mod my_data;
