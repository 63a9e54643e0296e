//! The kinds of problems. Programs tell them apart by `type`, so a name here never changes.

use axum::http::StatusCode;

/// Declares the kinds with their status, name, title, and when each happens.
macro_rules! problem_kinds {
    ($($kind:ident = $status:ident $name:literal, $title:literal, $when:literal;)+) => {
        /// What kind of thing went wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum ProblemKind {
            $($kind,)+
        }

        impl ProblemKind {
            /// Every kind, in the order of their status.
            pub(super) const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// The status of the answer.
            pub(super) const fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status),+ }
            }

            /// The value of `type`: a place on the page of the API (RFC 9457 §3.1.1).
            pub(super) const fn uri(self) -> &'static str {
                match self { $(Self::$kind => concat!("/docs#", $name)),+ }
            }

            /// The kind in words, the same in every answer.
            pub(super) const fn title(self) -> &'static str {
                match self { $(Self::$kind => $title),+ }
            }

            /// When it happens, and what to do.
            pub(super) const fn when(self) -> &'static str {
                match self { $(Self::$kind => $when),+ }
            }
        }
    };
}

problem_kinds! {
    Malformed = BAD_REQUEST "malformed", "Malformed request",
        "The body is not JSON, the address cannot be read, or the request broke off.";
    Unauthorized = UNAUTHORIZED "unauthorized", "No valid token",
        "Send `Authorization: Bearer TOKEN`.";
    Forbidden = FORBIDDEN "forbidden", "Not enough rights",
        "The token's role does not allow this call.";
    NotFound = NOT_FOUND "not-found", "Not found",
        "What the call is about does not exist.";
    NoSuchCall = NOT_FOUND "no-such-call", "No such call",
        "The API has no such path.";
    WrongMethod = METHOD_NOT_ALLOWED "wrong-method", "Method not allowed",
        "The path does not take this method.";
    TooSlow = REQUEST_TIMEOUT "too-slow", "Request took too long",
        "The request took too long to arrive. Send it again.";
    Conflict = CONFLICT "conflict", "Not in this state",
        "The state of the issue does not allow it.";
    NeedsApproval = CONFLICT "needs-approval", "A second person must approve it",
        "The newsletter needs a second person: somebody else than the one who sends must approve what the issue says now.";
    StillRunning = CONFLICT "still-running", "Still running",
        "A request with this `Idempotency-Key` has not ended. Repeat it after `Retry-After`.";
    Stale = PRECONDITION_FAILED "stale", "Changed meanwhile",
        "It has changed since the version in `If-Match`. Read it again and repeat the change.";
    TooLarge = PAYLOAD_TOO_LARGE "too-large", "Body too large",
        "The body is larger than `http.body_limit`.";
    WrongMediaType = UNSUPPORTED_MEDIA_TYPE "wrong-media-type", "Wrong media type",
        "Send the body as `application/json`.";
    Invalid = UNPROCESSABLE_ENTITY "invalid", "Invalid values",
        "A field, parameter or header is not valid or not known; `errors` names each.";
    WrongTime = UNPROCESSABLE_ENTITY "wrong-time", "Time cannot be used",
        "The time to send at has passed, is too far ahead, or is not a time.";
    EmptyIssue = UNPROCESSABLE_ENTITY "empty-issue", "Nothing to send",
        "The issue has a subject and nothing else.";
    NoAudience = UNPROCESSABLE_ENTITY "no-audience", "Nobody to send to",
        "Nobody would get the issue.";
    KeyReused = UNPROCESSABLE_ENTITY "key-reused", "Idempotency-Key used before",
        "Another request had this `Idempotency-Key`. Take a new key for each request.";
    VersionRequired = PRECONDITION_REQUIRED "version-required", "Say which version",
        "The issue was sent, and its page is corrected only from a version that you have read: read it, and repeat the change with its ETag in `If-Match` (`*` is not enough).";
    TooMany = TOO_MANY_REQUESTS "too-many", "Too many requests",
        "Wait as long as `Retry-After` says.";
    Internal = INTERNAL_SERVER_ERROR "internal", "Error in the service",
        "The operator finds it in the log.";
    Unavailable = SERVICE_UNAVAILABLE "unavailable", "Not available at the moment",
        "The service cannot read or write its data, or did not answer in time. Repeat the request.";
}

impl ProblemKind {
    /// The kind of an answer that another layer gave with nothing but a status.
    pub(super) fn of(status: StatusCode) -> Self {
        let found = Self::ALL.iter().find(|kind| kind.status() == status);
        match found {
            Some(kind) => *kind,
            None if status.is_client_error() => Self::Malformed,
            None => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ProblemKind;
    use std::collections::BTreeSet;

    #[test]
    fn each_kind_has_a_type_of_its_own() {
        let all: BTreeSet<&str> = ProblemKind::ALL.iter().map(|kind| kind.uri()).collect();
        assert_eq!(all.len(), ProblemKind::ALL.len());
        for kind in ProblemKind::ALL {
            assert!(kind.status().as_u16() >= 400, "{kind:?}");
        }
    }
}
