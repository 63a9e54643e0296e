//! Makes a picture fit for mails: known by what it holds, of a sensible size, upright, without metadata.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::FilterType as Resampling;
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder, ImageEncoder, ImageError, ImageFormat, ImageReader, Limits,
};
use sha2::{Digest, Sha256};

use super::MAX_PICTURE_OCTETS;

/// The widest picture that a mail needs: twice its column.
const WIDEST: u32 = 1_200;
/// The most pixels that are decoded, and the longest side: more than any camera has.
const MAX_PIXELS: u64 = 60_000_000;
const MAX_SIDE: u32 = 16_000;
/// The memory that a decoder may take, in octets: four for each pixel, and as much again.
const MAX_MEMORY: u64 = 512 * 1024 * 1024;
const JPEG_QUALITY: u8 = 82;

/// Why a file cannot be a picture of an issue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Too large a file.
    #[error("the file has more than 10 MB; make it smaller, or take another")]
    TooLong,
    /// Drawn, and able to run scripts.
    #[error("this is an SVG drawing, which mail programs do not show; save it as PNG")]
    Svg,
    /// A page.
    #[error("this is a web page and no picture; take the address of the picture itself")]
    Html,
    /// A document.
    #[error("this is a PDF and no picture; save the page as PNG or JPEG")]
    Pdf,
    /// A photo of a phone, in a format that mail programs and most browsers do not show.
    #[error("this is a HEIC photo, as iPhones take them; save or send it as JPEG")]
    Heic,
    /// Something else.
    #[error("this is no JPEG, PNG, GIF or WebP picture, whatever its name says")]
    Unknown,
    /// Too many pixels to be decoded.
    #[error("the picture has {0} × {1} pixels; take one with at most 60 million")]
    TooManyPixels(u32, u32),
    /// It ends early, or is wrong inside.
    #[error("the picture is damaged; save it again, or take another")]
    Damaged,
}

/// A picture that can be shown.
#[derive(Debug)]
pub(super) struct FitPicture {
    format: ImageFormat,
    pub(super) octets: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl FitPicture {
    pub(super) fn media_type(&self) -> &'static str {
        self.format.to_mime_type()
    }

    /// The hash of its octets, with the ending of its kind.
    pub(super) fn name(&self) -> String {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&self.octets));
        let ending = match self.format {
            ImageFormat::Png => "png",
            _ => "jpg",
        };
        format!("{hash}.{ending}")
    }
}

/// Decodes, turns, shrinks and encodes again: only pixels are left of the file.
pub(super) fn fit(octets: &[u8]) -> Result<FitPicture, Unfit> {
    let format = kind_of(octets)?;
    let mut reader = ImageReader::with_format(Cursor::new(octets), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    // Reads the header alone.
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MAX_PIXELS || width > MAX_SIDE || height > MAX_SIDE {
        return Err(Unfit::TooManyPixels(width, height));
    }
    if pixels == 0 {
        return Err(Unfit::Damaged);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    if picture.width() > WIDEST {
        let height = u64::from(picture.height()) * u64::from(WIDEST) / u64::from(picture.width());
        let height = u32::try_from(height).unwrap_or(u32::MAX).max(1);
        picture = picture.resize_exact(WIDEST, height, Resampling::Lanczos3);
    }
    encode(&picture)
}

/// PNG where something shines through, JPEG otherwise.
fn encode(picture: &DynamicImage) -> Result<FitPicture, Unfit> {
    let (width, height) = (picture.width(), picture.height());
    let rgba = picture.to_rgba8();
    let has_alpha = picture.color().has_alpha() && rgba.pixels().any(|pixel| pixel.0[3] < u8::MAX);
    let mut octets = Vec::new();
    let (format, encoded) = if has_alpha {
        let encoder = PngEncoder::new_with_quality(
            &mut octets,
            CompressionType::Default,
            FilterType::Adaptive,
        );
        let kind = image::ExtendedColorType::Rgba8;
        let encoded = encoder.write_image(rgba.as_raw(), width, height, kind);
        (ImageFormat::Png, encoded)
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut octets, JPEG_QUALITY);
        let rgb = picture.to_rgb8();
        let kind = image::ExtendedColorType::Rgb8;
        let encoded = encoder.write_image(rgb.as_raw(), width, height, kind);
        (ImageFormat::Jpeg, encoded)
    };
    encoded.map_err(damaged)?;
    Ok(FitPicture {
        format,
        octets,
        width,
        height,
    })
}

fn damaged(error: ImageError) -> Unfit {
    tracing::debug!(%error, "a picture could not be decoded");
    Unfit::Damaged
}

/// What a file is, by its first octets and not by its name.
fn kind_of(octets: &[u8]) -> Result<ImageFormat, Unfit> {
    if octets.is_empty() {
        return Err(Unfit::Empty);
    }
    if octets.len() > MAX_PICTURE_OCTETS {
        return Err(Unfit::TooLong);
    }
    if is_heic(octets) {
        return Err(Unfit::Heic);
    }
    match image::guess_format(octets) {
        Ok(
            known @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP),
        ) => return Ok(known),
        Ok(_) => return Err(Unfit::Unknown),
        Err(_) => {}
    }
    let start = octets.get(..1024.min(octets.len())).unwrap_or_default();
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    Err(if start.starts_with("%pdf") {
        Unfit::Pdf
    } else if start.contains("<svg") {
        Unfit::Svg
    } else if start.starts_with("<!doctype html") || start.contains("<html") {
        Unfit::Html
    } else {
        Unfit::Unknown
    })
}

/// Whether it is a photo as iPhones keep them.
fn is_heic(octets: &[u8]) -> bool {
    let kind = octets.get(4..12).and_then(|kind| kind.split_at_checked(4));
    kind.is_some_and(|(mark, brand)| {
        let known: [&[u8]; 7] = [
            b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1",
        ];
        mark == b"ftyp" && known.contains(&brand)
    })
}

#[cfg(test)]
mod tests {
    use super::{Unfit, WIDEST, fit};
    use image::{DynamicImage, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
    use std::io::Cursor;

    fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut octets = Cursor::new(Vec::new());
        picture.write_to(&mut octets, format).unwrap();
        octets.into_inner()
    }

    /// Red on the left, blue on the right.
    fn two_colours(width: u32, height: u32) -> DynamicImage {
        let pixel = |x, _| {
            if x < width / 2 {
                Rgb([250, 10, 10])
            } else {
                Rgb([10, 10, 250])
            }
        };
        RgbImage::from_fn(width, height, pixel).into()
    }

    /// A JPEG with EXIF: an orientation, and a place by GPS.
    fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
        tiff.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
        tiff.extend([0x25, 0x88, 4, 0, 1, 0, 0, 0, 38, 0, 0, 0]);
        tiff.extend([0, 0, 0, 0]);
        tiff.extend(b"GPS-OF-A-SOURCE-42.8746N-74.5698E");
        let mut exif = b"Exif\0\0".to_vec();
        exif.extend(tiff);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn every_kind_is_known_by_what_it_holds() {
        let picture = two_colours(40, 20);
        for format in [
            ImageFormat::Jpeg,
            ImageFormat::Png,
            ImageFormat::Gif,
            ImageFormat::WebP,
        ] {
            let fitted = fit(&encoded(&picture, format)).unwrap();
            assert_eq!((fitted.width, fitted.height), (40, 20), "{format:?}");
            assert_eq!(fitted.media_type(), "image/jpeg", "{format:?}");
            assert!(fitted.name().ends_with(".jpg") && fitted.name().len() == 68);
        }
    }

    #[test]
    fn what_shines_through_stays_so() {
        let clear = RgbaImage::from_pixel(30, 30, Rgba([0, 0, 0, 0]));
        let fitted = fit(&encoded(&clear.into(), ImageFormat::Png)).unwrap();
        assert_eq!(fitted.media_type(), "image/png");
    }

    #[test]
    fn a_wide_picture_is_shrunk_and_a_small_one_is_not() {
        let fitted = fit(&encoded(&two_colours(3000, 1000), ImageFormat::Jpeg)).unwrap();
        assert_eq!((fitted.width, fitted.height), (WIDEST, 400));
        let thin = fit(&encoded(&two_colours(4000, 1), ImageFormat::Png)).unwrap();
        assert_eq!((thin.width, thin.height), (WIDEST, 1));
    }

    #[test]
    fn a_picture_stands_upright_and_says_nothing_of_its_place() {
        let jpeg = encoded(&two_colours(40, 20), ImageFormat::Jpeg);
        // 6: the camera was turned; the left side belongs on top.
        let fitted = fit(&with_exif(&jpeg, 6)).unwrap();
        assert_eq!((fitted.width, fitted.height), (20, 40));
        let shown = image::load_from_memory(&fitted.octets).unwrap().to_rgb8();
        assert!(shown.get_pixel(10, 3).0[0] > 200, "red is on top");
        assert!(shown.get_pixel(10, 36).0[2] > 200, "blue is below");
        let has = |octets: &[u8], text: &[u8]| octets.windows(text.len()).any(|w| w == text);
        assert!(has(&with_exif(&jpeg, 6), b"GPS-OF-A-SOURCE"));
        assert!(!has(&fitted.octets, b"GPS-OF") && !has(&fitted.octets, b"Exif"));
    }

    /// A PNG that says how large it is, and has no pixels.
    fn bomb(width: u32, height: u32) -> Vec<u8> {
        let mut png = encoded(&two_colours(1, 1), ImageFormat::Png);
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(&png[12..29]);
        png[29..33].copy_from_slice(&crc.sum().to_be_bytes());
        png
    }

    #[test]
    fn a_bomb_is_refused_before_it_is_decoded() {
        let refused = |width, height| fit(&bomb(width, height)).err();
        assert_eq!(
            refused(50_000, 50_000),
            Some(Unfit::TooManyPixels(50_000, 50_000))
        );
        assert_eq!(refused(60_000, 2), Some(Unfit::TooManyPixels(60_000, 2)));
        assert_eq!(
            refused(7_000, 7_000),
            Some(Unfit::Damaged),
            "and this has no pixels"
        );
    }

    #[test]
    fn what_is_no_picture_is_refused_in_words() {
        for (octets, why) in [
            (&b""[..], Unfit::Empty),
            (
                b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
                Unfit::Svg,
            ),
            (
                b"\xef\xbb\xbf <?xml version='1.0'?><!-- x --><svg onload='x()'/>",
                Unfit::Svg,
            ),
            (b"<!DOCTYPE html><title>404</title>", Unfit::Html),
            (b"%PDF-1.7", Unfit::Pdf),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Unfit::Heic),
            (b"\0\0\0\x18ftypmif1\0\0\0\0", Unfit::Heic),
            (b"BM\0\0\0\0", Unfit::Unknown),
            (b"PK\x03\x04", Unfit::Unknown),
            (b"\x89PNG\r\n\x1a\nand no more", Unfit::Damaged),
            (b"\xff\xd8\xff\xe0 and no more", Unfit::Damaged),
        ] {
            assert_eq!(
                fit(octets).err(),
                Some(why),
                "{}",
                String::from_utf8_lossy(octets)
            );
        }
        assert_eq!(fit(&vec![0; 11 << 20]).err(), Some(Unfit::TooLong));
    }
}
