//! How the pages and mails of a newsletter look, and where its legal texts are.

use std::collections::BTreeMap;
use std::fmt;

use palette::color_difference::Wcag21RelativeContrast;
use palette::{Mix, Srgb};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::Language;

/// The contrast that text must have (WCAG 2.2, 1.4.3).
const READABLE: f32 = 4.5;
/// What the accent stands on: the paper of pages and mails, light and dark.
const PAPER: Srgb<u8> = Srgb::new(0xf6, 0xf1, 0xe6);
const DARK_SHEET: Srgb<u8> = Srgb::new(0x20, 0x29, 0x2d);

/// The colour of links, buttons and bands. Dark enough to be read on light paper; on
/// dark paper a lighter tone of it stands in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accent {
    light: Srgb<u8>,
    dark: Srgb<u8>,
}

/// A colour that cannot be an accent.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AccentError {
    /// Not a colour.
    #[error("`{0}` is not a colour; write it as in #0b5c68")]
    NoColour(String),
    /// Too light.
    #[error(
        "`{colour}` is too light: text in it has a contrast of {contrast:.1} on the paper, and needs 4.5; take a darker one"
    )]
    TooLight {
        /// The colour.
        colour: String,
        /// Its contrast.
        contrast: f32,
    },
}

impl Accent {
    /// The shipped one.
    pub const SHIPPED: Self = Self {
        light: Srgb::new(0x0b, 0x5c, 0x68),
        dark: Srgb::new(0x86, 0xcd, 0xd4),
    };

    /// Reads `#rrggbb`.
    ///
    /// # Errors
    /// When it is no colour, or too light to be read.
    pub fn parse(text: &str) -> Result<Self, AccentError> {
        // The parser takes other lengths too, and stops at characters of several octets.
        let digits = text.strip_prefix('#').unwrap_or_default();
        let six = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let light: Option<Srgb<u8>> = if six { text.parse().ok() } else { None };
        let light = light.ok_or_else(|| AccentError::NoColour(text.chars().take(40).collect()))?;
        let contrast = contrast(light, PAPER);
        if contrast < READABLE {
            return Err(AccentError::TooLight {
                colour: text.to_owned(),
                contrast,
            });
        }
        Ok(Self {
            light,
            dark: lighter(light),
        })
    }

    /// The contrast of text in it on light paper, as 1 to 21.
    #[must_use]
    pub fn contrast(&self) -> f32 {
        contrast(self.light, PAPER)
    }

    /// The nearest darker tone of a colour that can be an accent; none of what is no colour. An accent is its own.
    #[must_use]
    pub fn near(text: &str) -> Option<Self> {
        let colour: Srgb<u8> = match Self::parse(text) {
            Ok(accent) => return Some(accent),
            Err(AccentError::NoColour(_)) => return None,
            Err(AccentError::TooLight { .. }) => text.parse().ok()?,
        };
        let black = Srgb::new(0.0, 0.0, 0.0);
        let mut tones = (1..=20_u8).map(|step| {
            let part = f32::from(step) / 20.0;
            let tone = colour.into_format::<f32>().mix(black, part);
            hex(tone.into_format())
        });
        tones.find_map(|tone| Self::parse(&tone).ok())
    }

    /// On light paper.
    #[must_use]
    pub fn light(&self) -> String {
        hex(self.light)
    }

    /// On light paper, as red, green and blue.
    #[must_use]
    pub fn rgb(&self) -> [u8; 3] {
        [self.light.red, self.light.green, self.light.blue]
    }

    /// On dark paper.
    #[must_use]
    pub fn dark(&self) -> String {
        hex(self.dark)
    }

    /// A stronger tone for what the pointer is on, light and dark.
    #[must_use]
    pub fn strong(&self) -> (String, String) {
        let towards = |from: Srgb<u8>, to: f32| {
            let to = Srgb::new(to, to, to);
            hex(from.into_format::<f32>().mix(to, 0.3).into_format())
        };
        (towards(self.light, 0.0), towards(self.dark, 1.0))
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.light())
    }
}

fn hex(colour: Srgb<u8>) -> String {
    format!("#{colour:x}")
}

fn contrast(one: Srgb<u8>, other: Srgb<u8>) -> f32 {
    one.into_format::<f32>()
        .relative_contrast(other.into_format())
}

/// The first tone towards white that can be read on dark paper, and then a little lighter.
fn lighter(colour: Srgb<u8>) -> Srgb<u8> {
    let white = Srgb::new(1.0, 1.0, 1.0);
    let tones = (0..=20_u8).map(|step| {
        let part = f32::from(step) / 20.0;
        colour.into_format::<f32>().mix(white, part).into_format()
    });
    let readable = |tone: &Srgb<u8>| contrast(*tone, DARK_SHEET) >= READABLE + 1.0;
    let mut tones = tones.filter(readable);
    tones.next().unwrap_or(Srgb::new(255, 255, 255))
}

/// A picture that stands for a newsletter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// Made of what it holds, so that another picture has another name.
    pub name: String,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

impl Logo {
    /// How wide it is when it is so high.
    #[must_use]
    pub fn width_at(&self, height: u32) -> u32 {
        let width = u64::from(self.width) * u64::from(height) / u64::from(self.height.max(1));
        u32::try_from(width.clamp(1, 300)).unwrap_or(300)
    }
}

/// A picture with what it holds.
#[derive(Debug, Clone)]
pub struct LogoFile {
    /// How it is referred to.
    pub logo: Logo,
    /// As in `image/png`.
    pub media_type: &'static str,
    /// What it holds.
    pub octets: Vec<u8>,
}

/// A file that cannot be a logo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogoError {
    /// Mail programs show nothing else.
    #[error("a logo must be a PNG, JPEG or GIF")]
    WrongKind,
    /// It is fetched with every page and mail.
    #[error("a logo may have at most 100 KB; this one has {0}")]
    TooLong(usize),
    /// Nobody has a screen for it.
    #[error("a logo may be at most 2,000 pixels wide and high")]
    TooLarge,
    /// It ends early, or is wrong inside.
    #[error("the picture is damaged; save it again, or take another")]
    Damaged,
}

impl LogoFile {
    /// The longest file.
    pub const MAX_OCTETS: usize = 100_000;

    /// Takes in a file by what it holds, whatever it calls itself.
    ///
    /// # Errors
    /// When it is no picture that mail programs show, too large, or damaged.
    pub fn read(octets: Vec<u8>) -> Result<Self, LogoError> {
        use imagesize::ImageType;
        if octets.len() > Self::MAX_OCTETS {
            return Err(LogoError::TooLong(octets.len() / 1000));
        }
        let kind = imagesize::image_type(&octets).map_err(|_| LogoError::WrongKind)?;
        let (media_type, ending) = match kind {
            ImageType::Png => ("image/png", "png"),
            ImageType::Jpeg => ("image/jpeg", "jpg"),
            ImageType::Gif => ("image/gif", "gif"),
            _ => return Err(LogoError::WrongKind),
        };
        let size = imagesize::blob_size(&octets).map_err(|_| LogoError::WrongKind)?;
        let side = |side: usize| {
            let side = u32::try_from(side).map_err(|_| LogoError::TooLarge)?;
            (1..=2_000)
                .contains(&side)
                .then_some(side)
                .ok_or(LogoError::TooLarge)
        };
        let (width, height) = (side(size.width)?, side(size.height)?);
        if !can_be_decoded(&octets) {
            return Err(LogoError::Damaged);
        }
        let digest = <sha2::Sha256 as sha2::Digest>::digest(&octets);
        let digest = data_encoding::HEXLOWER.encode(&digest[..12]);
        let name = format!("{digest}.{ending}");
        Ok(Self {
            logo: Logo {
                name,
                width,
                height,
            },
            media_type,
            octets,
        })
    }
}

/// Whether a picture of sensible size is more than its header.
fn can_be_decoded(octets: &[u8]) -> bool {
    // Twice the largest logo, with four octets for each pixel.
    const MAX_MEMORY: u64 = 2 * 4 * 2_000 * 2_000;
    let reader = image::ImageReader::new(std::io::Cursor::new(octets)).with_guessed_format();
    let decoded = reader.map(|mut reader| {
        let mut limits = image::Limits::default();
        limits.max_alloc = Some(MAX_MEMORY);
        reader.limits(limits);
        reader.decode()
    });
    matches!(decoded, Ok(Ok(_)))
}

/// Where the legal texts in one language are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LegalLinks {
    /// Who is responsible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imprint_url: Option<String>,
    /// What is kept of readers, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privacy_url: Option<String>,
}

/// The legal texts by language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Legal(pub BTreeMap<Language, LegalLinks>);

impl Legal {
    /// Those in `wanted`; each that is missing there in `otherwise`.
    #[must_use]
    pub fn links(&self, wanted: Language, otherwise: Language) -> LegalLinks {
        let of = |language| self.0.get(&language).cloned().unwrap_or_default();
        let (first, second) = (of(wanted), of(otherwise));
        LegalLinks {
            imprint_url: first.imprint_url.or(second.imprint_url),
            privacy_url: first.privacy_url.or(second.privacy_url),
        }
    }

    /// Every address with its name, as in `en.imprint_url`.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (String, &String)> {
        self.0.iter().flat_map(|(language, links)| {
            let named = [
                ("imprint_url", &links.imprint_url),
                ("privacy_url", &links.privacy_url),
            ];
            named.into_iter().filter_map(move |(name, address)| {
                let address = address.as_ref()?;
                Some((format!("{language}.{name}"), address))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Accent, AccentError, DARK_SHEET, LogoError, LogoFile, PAPER, READABLE, contrast};
    use proptest::prelude::*;

    #[test]
    fn a_light_accent_is_refused_with_its_contrast() {
        for text in [
            "",
            "red",
            "#123",
            "0b5c68",
            "#0b5c6",
            "#0b5c6g",
            "#0b5c68ff",
        ] {
            assert!(
                matches!(Accent::parse(text), Err(AccentError::NoColour(_))),
                "{text}"
            );
        }
        let said = Accent::parse("#f5b642").map_err(|e| e.to_string());
        assert!(said.is_err_and(|said| said.contains("contrast of 1.6")));
        let shipped = Accent::parse("#0b5c68").map(|accent| accent.to_string());
        assert_eq!(shipped, Ok("#0b5c68".to_owned()));
    }

    #[test]
    fn a_light_colour_has_a_darker_tone_that_can_be_read() {
        let near = |text| Accent::near(text).map(|accent| accent.to_string());
        assert_eq!(near("#0b5c68").as_deref(), Some("#0b5c68"));
        let amber = near("#f5b642").unwrap_or_default();
        assert!(
            Accent::parse(&amber).is_ok() && amber != "#000000",
            "{amber}"
        );
        assert!(near("#ffffff").is_some());
        assert_eq!(near("amber"), None);
    }

    proptest! {
        #[test]
        fn every_accent_can_be_read_on_both_papers(colour in any::<[u8; 3]>()) {
            let [r, g, b] = colour;
            if let Ok(accent) = Accent::parse(&format!("#{r:02x}{g:02x}{b:02x}")) {
                prop_assert!(contrast(accent.light, PAPER) >= READABLE);
                prop_assert!(contrast(accent.dark, DARK_SHEET) >= READABLE);
            }
        }
    }

    #[test]
    fn a_logo_is_known_by_what_it_holds() -> Result<(), LogoError> {
        let png = include_bytes!("../../web/static/karakoul.png").to_vec();
        let file = LogoFile::read(png)?;
        assert_eq!((file.media_type, file.logo.name.len()), ("image/png", 28));
        assert!(file.logo.width > 0 && file.logo.height > 0);
        for wrong in [
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
            b"<html>".to_vec(),
            Vec::new(),
            b"\x89PNG\r\n".to_vec(),
        ] {
            assert_eq!(LogoFile::read(wrong).err(), Some(LogoError::WrongKind));
        }
        let whole = include_bytes!("../../web/static/karakoul.png");
        let header = whole.get(..33).unwrap_or_default().to_vec();
        let mut noise = whole.to_vec();
        noise.iter_mut().skip(100).for_each(|octet| *octet ^= 0x5a);
        for damaged in [header, noise] {
            assert_eq!(LogoFile::read(damaged).err(), Some(LogoError::Damaged));
        }
        let long = LogoFile::read(vec![0; 200_000]).err();
        assert_eq!(long, Some(LogoError::TooLong(200)));
        Ok(())
    }
}
