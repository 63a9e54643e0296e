//! The nouns: newtypes and state enums. Pure values, no I/O, no framework.
//!
//! A value of one of these types is valid by construction: what arrives from
//! outside is parsed once, at the edge, into the type that carries the proof.

mod address;
mod answers;
mod certificate;
mod chain;
mod choice;
mod consent;
mod content;
mod country;
mod delivery;
mod disposable;
mod field;
mod ids;
mod issue;
mod language;
mod look;
mod month;
mod newsletter;
mod outbox;
mod pause;
mod role;
mod schedule;
mod search;
mod site;
mod slug;
mod stamp;
mod subscription;
mod summary;
mod suppression;
mod text_enum;
mod throttle;
mod token;
mod turnout;
mod voucher;

pub use address::{AddressError, EmailAddress};
pub use answers::{AnswerError, Answers, AnswersByNewsletter, WrongAnswers, WrongByNewsletter};
pub use certificate::Certificate;
pub use chain::{
    BEFORE_THE_FIRST, BreakKind, ChainContent, ChainHash, ChainHead, RemovalReason, link_hash,
    removal_seal,
};
pub use choice::{Shown, shown};
pub use consent::{ConsentEvent, ConsentKind, ConsentMethod};
pub use content::{Access, Image, IssueContent, Item, Part, PartKind};
pub use country::{Country, CountrySet, UnknownCountry};
pub use delivery::{Attempt, DeliveryState, Reply, Verdict};
pub use disposable::Disposable;
pub use field::{Asked, Field, FieldChoice, FieldKind, Fields, FieldsError, Labels, label};
pub use ids::{IssueId, NewsletterId, OutboxId, SubscriberId, SubscriptionId};
pub use issue::{Counts, Edit, Issue, IssueState, RefusedTransition};
pub use language::{Language, UnknownLanguage};
pub use look::{Accent, AccentError, Legal, LegalLinks, Logo, LogoError, LogoFile};
pub use month::{BadMonth, Month};
pub use newsletter::{Newsletter, NewsletterPatch, NewsletterWords, Visibility, WrongField};
pub use outbox::MailKind;
pub use pause::{BadPause, PauseWish};
pub use role::Role;
pub use schedule::{ScheduleError, parse_schedule};
pub use search::{Piece, SearchQuery, folded};
pub use site::{Site, SiteError};
pub use slug::{Slug, SlugError};
pub use subscription::{
    AgreedTo, Chosen, EndReason, Exclusion, Frequency, Signup, Subscription, SubscriptionState,
};
pub use summary::summary;
pub use suppression::SuppressionReason;
pub use text_enum::UnknownWord;
pub use throttle::{Limits, Quota, Scope, Throttle};
pub use token::{LinkKey, LinkToken, Purpose, TokenError};
pub use turnout::Turnout;
pub use voucher::Voucher;
