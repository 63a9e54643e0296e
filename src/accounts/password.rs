//! Passwords: Argon2id with the parameters that OWASP advises, on threads of their own.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params, PasswordHasher, PasswordVerifier};
use unicode_normalization::UnicodeNormalization;
use zxcvbn::{Score, zxcvbn};

use crate::domain::Editor;
use crate::heavy_work::HeavyWork;
use crate::store::StoreError;

/// A hash takes 19 MiB; at most two are made at once.
static HASHES: LazyLock<HeavyWork> = LazyLock::new(|| HeavyWork::new(2));
/// What a wrong password is compared with where there is no account, so that it takes as long.
static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody has this password"));

const MIN_CHARS: usize = 12;
const MAX_CHARS: usize = 200;

/// Why a new password is not good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than twelve characters.
    #[error("a password needs at least 12 characters; a sentence is easiest to keep in mind")]
    Short,
    /// More than two hundred characters.
    #[error("a password has at most 200 characters")]
    Long,
    /// It holds the address or the name.
    #[error("the password must not contain your address or name")]
    Personal,
    /// Programs that guess passwords would find it soon.
    #[error(
        "this password is easy to guess; take several words that have nothing to do with each other"
    )]
    Guessable,
}

/// Refuses a password that would be guessed. There are no rules about its letters.
///
/// # Errors
/// Why it is not good enough.
pub fn check(password: &str, editor: &Editor) -> Result<(), WeakPassword> {
    let password: String = password.nfkc().collect();
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return Err(WeakPassword::Short);
    }
    if chars > MAX_CHARS {
        return Err(WeakPassword::Long);
    }
    let address = editor.email.to_string().to_lowercase();
    let name = editor.name.to_lowercase();
    let (local, domain) = address.split_once('@').unwrap_or((&address, ""));
    let lower = password.to_lowercase();
    let own = |word: &str| word.chars().count() > 3 && lower.contains(word);
    if [&name, local].into_iter().any(own) {
        return Err(WeakPassword::Personal);
    }
    let mut known: Vec<&str> = name.split_whitespace().collect();
    known.extend(["xabar", "newsletter", local, domain]);
    if zxcvbn(&password, &known).score() < Score::Three {
        return Err(WeakPassword::Guessable);
    }
    Ok(())
}

/// The hash of a password, as a PHC string.
///
/// # Errors
/// When this process is ending, or has no memory.
pub(super) async fn hash(password: &str) -> Result<String, StoreError> {
    let password = password.to_owned();
    let hashed = HASHES.run(move || hash_now(&password)).await;
    hashed.ok().flatten().ok_or_else(unavailable)
}

/// Whether a password is the one of this hash; takes as long when there is no hash.
///
/// # Errors
/// When this process is ending.
pub(super) async fn verify(password: &str, hash: Option<String>) -> Result<bool, StoreError> {
    let password = password.to_owned();
    let verified = HASHES.run(move || {
        let nobodys = NOBODYS.as_deref();
        let compared = hash.as_deref().or(nobodys).unwrap_or_default();
        // Whatever somebody sends must not take longer than a password.
        let cut: String = password.chars().take(MAX_CHARS).collect();
        let password: String = cut.nfkc().collect();
        let same = Argon2::default().verify_password(password.as_bytes(), compared);
        same.is_ok() && hash.is_some()
    });
    verified.await.map_err(|_| unavailable())
}

/// Whether a hash was made with other parameters than those of today.
pub(super) fn is_outdated(hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else {
        return true;
    };
    let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
    hash.algorithm.as_str() != "argon2id"
        || !Params::try_from(&hash).is_ok_and(|params| costs(&params) == costs(&Params::DEFAULT))
}

fn hash_now(password: &str) -> Option<String> {
    let password: String = password.nfkc().collect();
    let hash = Argon2::default().hash_password(password.as_bytes()).ok()?;
    Some(hash.to_string())
}

fn unavailable() -> StoreError {
    StoreError::busy("no password can be checked at the moment")
}

#[cfg(test)]
mod tests {
    use super::{WeakPassword, check, hash_now, is_outdated, verify};
    use crate::domain::{Editor, EditorId, EmailAddress, Language, Roles};
    use uuid::Uuid;

    fn anna() -> Editor {
        Editor {
            id: EditorId(Uuid::nil()),
            email: EmailAddress::parse("anna.petrova@example.org").unwrap(),
            name: "Anna Petrova".to_owned(),
            language: Language::En,
            roles: Roles::default(),
        }
    }

    #[test]
    fn what_is_guessed_soon_is_refused() {
        for (password, why) in [
            ("short one 1", Some(WeakPassword::Short)),
            ("anna petrova 1987!", Some(WeakPassword::Personal)),
            ("my-ANNA.PETROVA-key", Some(WeakPassword::Personal)),
            ("passwordpassword", Some(WeakPassword::Guessable)),
            ("qwertyuiop12", Some(WeakPassword::Guessable)),
            ("aaaaaaaaaaaaaaaaaaaaaaaa", Some(WeakPassword::Guessable)),
            ("correct kumis stirrup mountain", None),
            ("лошадь бежит мимо юрты", None),
        ] {
            assert_eq!(check(password, &anna()).err(), why, "{password}");
        }
        let long = "kumis ".repeat(50);
        assert_eq!(check(&long, &anna()), Err(WeakPassword::Long));
    }

    #[tokio::test]
    async fn a_password_is_known_however_its_accents_are_typed() {
        let hash = hash_now("caf\u{e9} au lait chaud");
        let same = verify("cafe\u{301} au lait chaud", hash.clone());
        assert!(same.await.unwrap());
        assert!(!verify("cafe au lait chaud", hash.clone()).await.unwrap());
        assert!(!verify("nobody has this password", None).await.unwrap());
        assert!(!is_outdated(&hash.unwrap()));
        let weaker = "$argon2id$v=19$m=4096,t=2,p=1$c29tZXNhbHQxMjM$\
                      Vpfj5hVQvqrCqXGnRF4gN0yJXjQb7kYl3fWbzv6yq5g";
        assert!(is_outdated(weaker));
    }
}
