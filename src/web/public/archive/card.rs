//! Pictures of issues for social networks: the newsletter, its logo and the subject.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use cosmic_text::fontdb::{Database, ID, Source};
use cosmic_text::{
    Attrs, Buffer, Color, Ellipsize, EllipsizeHeightLimit, Family, FontSystem, Metrics, Shaping,
    SwashCache, Weight,
};
use image::imageops::{self, FilterType};
use image::{ImageFormat, Pixel, Rgba, RgbaImage};

use super::{ArchiveError, find_issue, or_error_page};
use crate::domain::Accent;
use crate::heavy_work::HeavyWork;
use crate::service::Service;
use crate::store;
use crate::web::client_ip::Client;
use crate::web::public::errors;
use crate::web::public::layout::NamesInPath;

/// The size that social networks show without cutting.
pub(super) const WIDTH: u32 = 1200;
pub(super) const HEIGHT: u32 = 630;

const MARGIN: u32 = 72;
const LOGO_HEIGHT: u32 = 84;
const BAND_HEIGHT: u32 = 18;

const PAPER: Rgba<u8> = Rgba([0xf6, 0xf1, 0xe6, 0xff]);
const INK: Color = Color::rgb(0x20, 0x28, 0x2b);
const SOFT: Color = Color::rgb(0x55, 0x60, 0x5f);

/// Latin and Cyrillic letters, with those of the Turkic and Iranian languages.
const FONT: &[u8] = include_bytes!("../../static/font/noto-serif-bold.ttf");

/// What a picture shows.
struct Card {
    newsletter: String,
    subject: String,
    band: Rgba<u8>,
    logo: Option<Vec<u8>>,
}

/// Draws one picture at a time: it takes all of a core.
struct Pen {
    fonts: FontSystem,
    glyphs: SwashCache,
    font: Option<ID>,
}

static PEN: LazyLock<Mutex<Pen>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    let loaded = fonts.load_font_source(Source::Binary(Arc::new(FONT)));
    Mutex::new(Pen {
        fonts: FontSystem::new_with_locale_and_db("en".to_owned(), fonts),
        glyphs: SwashCache::new(),
        font: loaded.first().copied(),
    })
});

/// Otherwise many threads would wait for the pen.
static DRAWING: LazyLock<HeavyWork> = LazyLock::new(|| HeavyWork::new(1));

/// GET /archive/{newsletter}/{slug}/card.png
pub(in crate::web::public) async fn card(
    State(service): State<Service>,
    client: Client,
    NamesInPath([newsletter, slug]): NamesInPath<2>,
) -> Response {
    let result = show(&service, &newsletter, &slug).await;
    or_error_page(&service, client, result).await
}

async fn show(service: &Service, newsletter: &str, slug: &str) -> Result<Response, ArchiveError> {
    // No key opens the picture of a private newsletter.
    let (newsletter, issue) = find_issue(service, newsletter, slug, None).await?;
    let logo = match &newsletter.logo {
        Some(logo) => {
            let mut db = service.store.read().await?;
            store::newsletter::logo::by_name(&mut db, &logo.name).await?
        }
        None => None,
    };
    let [red, green, blue] = newsletter.accent.unwrap_or(Accent::SHIPPED).rgb();
    let card = Card {
        newsletter: newsletter.title,
        subject: issue.content.subject,
        band: Rgba([red, green, blue, 0xff]),
        logo: logo.map(|(_, octets)| octets),
    };
    let drawn = DRAWING.run(move || {
        PEN.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .draw(&card)
    });
    match drawn.await {
        Ok(Ok(png)) => Ok(([(CONTENT_TYPE, "image/png")], png).into_response()),
        Ok(Err(error)) => {
            tracing::error!(%error, "the picture of an issue could not be drawn");
            Ok(errors::plain())
        }
        Err(error) => {
            tracing::error!(%error, "the drawing of a picture was aborted");
            Ok(errors::plain())
        }
    }
}

impl Pen {
    fn draw(&mut self, card: &Card) -> image::ImageResult<Vec<u8>> {
        let mut canvas = RgbaImage::from_pixel(WIDTH, HEIGHT, PAPER);
        let band = RgbaImage::from_pixel(WIDTH, BAND_HEIGHT, card.band);
        imageops::replace(&mut canvas, &band, 0, 0);
        let mut x = MARGIN;
        // A logo that cannot be decoded is left out: browsers may still show it on the pages.
        let logo = card.logo.as_deref().map(image::load_from_memory);
        if let Some(Ok(logo)) = logo {
            let logo = logo
                .resize(WIDTH / 3, LOGO_HEIGHT, FilterType::CatmullRom)
                .to_rgba8();
            imageops::overlay(&mut canvas, &logo, x.into(), MARGIN.into());
            x += logo.width() + 28;
        }
        let title = self.writable(&card.newsletter).unwrap_or_default();
        let line = Line {
            size: 38.0,
            most: 1,
            colour: SOFT,
        };
        self.write(&mut canvas, &title, (x, MARGIN + 18), line);
        let subject = self.writable(&card.subject).unwrap_or_default();
        let (size, most) = if subject.chars().count() > 80 {
            (56.0, 5)
        } else {
            (70.0, 4)
        };
        let line = Line {
            size,
            most,
            colour: INK,
        };
        self.write(&mut canvas, &subject, (MARGIN, 216), line);
        let mut png = std::io::Cursor::new(Vec::new());
        canvas.write_to(&mut png, ImageFormat::Png)?;
        Ok(png.into_inner())
    }

    /// The text without the symbols that the font does not have; none when it lacks a letter.
    fn writable(&mut self, text: &str) -> Option<String> {
        let font = self.fonts.get_font(self.font?, Weight::BOLD)?;
        let glyphs = font.as_swash().charmap();
        let has = |c: &char| glyphs.map(*c) != 0;
        if text.chars().any(|c| c.is_alphanumeric() && !has(&c)) {
            return None;
        }
        Some(
            text.chars()
                .filter(has)
                .collect::<String>()
                .trim()
                .to_owned(),
        )
    }

    fn write(&mut self, canvas: &mut RgbaImage, text: &str, (x, y): (u32, u32), line: Line) {
        let mut buffer = Buffer::new(&mut self.fonts, Metrics::relative(line.size, 1.2));
        let width = WIDTH - MARGIN - x;
        buffer.set_size(Some(width as f32), None);
        buffer.set_ellipsize(Ellipsize::End(EllipsizeHeightLimit::Lines(line.most)));
        let attrs = Attrs::new()
            .family(Family::Name("Noto Serif"))
            .weight(Weight::BOLD);
        buffer.set_text(text, &attrs, Shaping::Advanced, None);
        let (fonts, glyphs) = (&mut self.fonts, &mut self.glyphs);
        buffer.draw(fonts, glyphs, line.colour, |dx, dy, _, _, colour| {
            let at = (x.checked_add_signed(dx), y.checked_add_signed(dy));
            if let (Some(x), Some(y)) = at
                && let Some(pixel) = canvas.get_pixel_mut_checked(x, y)
            {
                pixel.blend(&Rgba(colour.as_rgba()));
            }
        });
    }
}

/// How a text is written.
#[derive(Clone, Copy)]
struct Line {
    size: f32,
    /// Lines; what is longer ends in an ellipsis.
    most: usize,
    colour: Color,
}

#[cfg(test)]
mod tests {
    use super::{BAND_HEIGHT, Card, HEIGHT, INK, PAPER, PEN, WIDTH};
    use image::{Rgba, RgbaImage};

    fn drawn(subject: &str, logo: Option<Vec<u8>>) -> RgbaImage {
        let card = Card {
            newsletter: "Novastan: l’essentiel".to_owned(),
            subject: subject.to_owned(),
            band: Rgba([1, 2, 3, 255]),
            logo,
        };
        let png = PEN.lock().unwrap().draw(&card).unwrap();
        image::load_from_memory(&png).unwrap().to_rgba8()
    }

    /// The rows below the title that have ink.
    fn inked(picture: &RgbaImage) -> Vec<u32> {
        let ink = Rgba(INK.as_rgba());
        let rows = 200..HEIGHT;
        rows.filter(|y| (0..WIDTH).any(|x| *picture.get_pixel(x, *y) == ink))
            .collect()
    }

    #[test]
    fn a_long_subject_stays_on_the_picture() {
        let short = drawn("Ош", None);
        let long = drawn(&"Өзбекстан менен Кыргызстан ".repeat(30), None);
        assert_eq!((long.width(), long.height()), (WIDTH, HEIGHT));
        assert_eq!(*long.get_pixel(5, BAND_HEIGHT - 1), Rgba([1, 2, 3, 255]));
        let (short, long) = (inked(&short), inked(&long));
        assert!(
            short.len() > 20 && long.len() > 3 * short.len(),
            "{short:?}"
        );
        assert!(long.last().is_some_and(|y| *y < HEIGHT - 20), "{long:?}");
    }

    #[test]
    fn what_the_font_lacks_is_not_written_as_boxes() {
        let plain = drawn("Ош", None);
        assert_eq!(inked(&drawn("📰 Ош", None)), inked(&plain));
        assert_eq!(inked(&drawn("新聞", None)), Vec::<u32>::new());
        let all = "ҚқҒғҰұҮүӨөҲҳҶҷӢӣӮӯŞşĞğıİʻʼÇçÄäÜüßéèœ«»“”—№";
        assert_eq!(PEN.lock().unwrap().writable(all).as_deref(), Some(all));
    }

    #[test]
    fn a_logo_is_drawn_and_a_broken_one_left_out() {
        let logo = RgbaImage::from_pixel(40, 40, Rgba([200, 0, 0, 255]));
        let mut png = std::io::Cursor::new(Vec::new());
        logo.write_to(&mut png, image::ImageFormat::Png).unwrap();
        let with = drawn("Ош", Some(png.into_inner()));
        assert_eq!(*with.get_pixel(100, 100), Rgba([200, 0, 0, 255]));
        let broken = drawn("Ош", Some(b"GIF89a".to_vec()));
        assert_eq!(*broken.get_pixel(90, 80), PAPER);
    }
}
