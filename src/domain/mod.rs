//! The nouns: newtypes and state enums. Pure values, no I/O, no framework.
//!
//! A value of one of these types is valid by construction: what arrives from
//! outside is parsed once, at the edge, into the type that carries the proof.

mod actor;
mod audit;
mod browser_name;
mod chain;
mod consent;
mod country;
mod delivery;
mod editor;
mod feedback_sender;
mod field;
mod ids;
mod invalid_field;
mod issue;
mod language;
mod link_token;
mod newsletter;
mod role;
mod signup;
mod subscriber;
mod subscription;
mod text_enum;
mod time_zone;
mod xml_text;

pub use actor::Actor;
pub use audit::{AuditAction, AuditEvent};
pub use browser_name::{NewBrowser, browser_name};
pub use chain::{BEFORE_THE_FIRST, ChainHash, ChainHead, ChainName};
pub use consent::{
    BreakKind, Certificate, ChainContent, ConsentEvent, ConsentKind, ConsentMethod, ConsentWording,
    RemovalReason, SuppressionKeys, SuppressionReason, removal_seal,
};
pub use country::{Country, CountrySet, UnknownCountry};
pub use delivery::{
    Attempt, DeliveryState, Limits, MailKind, Quota, RelayLimit, Reply, ReplyMeaning, Scope,
    Slowdown, Throttle, Verdict, speaks_of_rate, without_addresses,
};
pub use editor::{Editor, Roles};
pub use feedback_sender::{FeedbackSender, NotAFeedbackSender};
pub use field::{
    AnswerError, Answers, AnswersByNewsletter, Field, FieldChoice, FieldKind, FieldSelection,
    Fields, FieldsError, Labels, WrongAnswers, WrongByNewsletter, label,
};
pub use ids::{
    EditorId, IssueId, LeaseId, NewsletterId, OutboxId, SessionId, SubscriberId, SubscriptionId,
    WorkerId,
};
pub use invalid_field::{InvalidField, invalid_fields};
pub use issue::{
    Access, Audience, BadMonth, CheckContext, ContentChanges, ContentMarks, Counts, EarlierIssues,
    Edit, Erratum, ExcerptPart, Finding, FindingCode, FindingPlace, Image, Issue, IssueContent,
    IssueState, Item, LinkUse, MergedContent, Month, NoPage, Part, PartKind, PauseCode,
    PausedBecause, RecipePart, RefusedTransition, ScheduleError, SearchQuery, SentLink, Severity,
    Shown, Slug, SlugError, check_content, check_schedule, folded, normalised_link,
    parse_past_time, parse_schedule, shipped_recipe, shown, summary, zoned_time,
};
pub(crate) use issue::{EMPTY_COMMENT, link_destination, null_as_default, prepare_markdown};
pub use language::{Language, UnknownLanguage};
pub use link_token::{LinkKey, LinkToken, Purpose, TokenError};
pub use newsletter::{
    Accent, AccentError, DayFigures, Legal, LegalLinks, Logo, LogoError, LogoFile, Newsletter,
    NewsletterInput, NewsletterPatch, OtherSetting, ReaderFigures, Site, SiteError, Visibility,
    WrongField,
};
pub use role::Role;
pub use signup::{
    ClientNetwork, ConfirmationRate, DisposableDomains, MailRequest, ProtectionCause,
    ProtectionCount, RateLimited, SignupRequest, SignupTrust,
};
pub use subscriber::{AddressError, EmailAddress, readable_address};
pub use subscription::{
    AgreedTo, BadPause, Chosen, EndReason, Exclusion, Frequency, PauseRequest, Signup,
    Subscription, SubscriptionState,
};
pub use text_enum::UnknownWord;
pub use time_zone::{UnknownTimeZone, time_zone};
pub use xml_text::{
    ForbiddenChar, is_blank, is_one_line, is_xml_char, without_forbidden_chars, xml_text,
};

/// By how much the clocks of two machines may differ. A time of another worker that is further ahead is that of a
/// clock that was wrong.
pub const MAX_CLOCK_SKEW: jiff::SignedDuration = jiff::SignedDuration::from_mins(1);
