//! What readers and mail programs see of a digest.

use jiff::civil::date;

use super::OneOfSeveral;
use super::tests::{LINKS, digest, mails, newsletter, sample, system_mail_of};
use crate::domain::{CountrySet, Language, Logo};
use crate::mail::{DigestLinks, DigestMeta, GMAIL_CLIPS_AT, render_digest};

#[test]
fn the_subject_is_the_headline() {
    for language in Language::ALL {
        let mut content = sample(*language);
        content.subject = "Un <titre> & d’autres".to_owned();
        let mail = digest(*language, &content, "");
        let headlines: Vec<&str> = mail.html.split("<h1").skip(1).collect();
        assert_eq!(headlines.len(), 1);
        assert!(headlines[0].contains(">Un &lt;titre&gt; &amp; d’autres</h1>"));
        assert!(
            mail.text.contains("\nUn <titre> & d’autres\n====="),
            "{}",
            mail.text
        );
    }
}

#[test]
fn the_preheader_shows_in_the_list_of_mails_only() {
    let mut content = sample(Language::Fr);
    content.preheader = "Trois choses à lire".to_owned();
    let html = digest(Language::Fr, &content, "").html;
    let hidden = html.split("class=\"preheader\" style=\"").nth(1).unwrap();
    let (style, rest) = hidden.split_once("\">").unwrap();
    for way in [
        "display:none;",
        "mso-hide:all;",
        "opacity:0;",
        "max-height:0;",
        "font-size:0;",
        // That of the page behind it.
        "color:#f1ece1;",
    ] {
        assert!(style.contains(way), "{style}");
    }
    assert!(html.contains("background-color:#f1ece1;\"><div class=\"preheader\""));
    // What follows in the mail does not follow in the list.
    let (shown, _) = rest.split_once("</div>").unwrap();
    let run = shown.strip_prefix("Trois choses à lire").unwrap();
    let filler = "&#847;&#8204;&#160;";
    assert_eq!(run, filler.repeat(150 - "Trois choses à lire".len() + 1));
    content.preheader = "x".repeat(200);
    let html = digest(Language::Fr, &content, "").html;
    assert_eq!(html.matches(filler).count(), 40);
    content.preheader.clear();
    assert!(
        !digest(Language::Fr, &content, "")
            .html
            .contains("\"preheader\"")
    );
}

#[test]
fn leaving_is_possible_at_the_top_where_gmail_hides_the_end() {
    let mut content = sample(Language::De);
    let links = |html: &str| html.matches(LINKS.unsubscribe).count();
    let short = digest(Language::De, &content, "");
    assert!(short.html.len() < GMAIL_CLIPS_AT && links(&short.html) == 1);
    content.intro = "Ein langer Satz über Kasachstan. ".repeat(600);
    content
        .parts
        .iter_mut()
        .for_each(|part| part.body = content.intro.clone());
    let long = digest(Language::De, &content, "");
    assert!(long.html.len() > GMAIL_CLIPS_AT && links(&long.html) == 2);
    let first = long.html.find(LINKS.unsubscribe).unwrap();
    assert!(first < long.html.find("Ein langer Satz").unwrap());
    assert_eq!(links(&long.text), 1, "no program hides the end of the text");
}

#[test]
fn a_picture_is_as_wide_as_the_sheet_at_most_and_never_enlarged() {
    let mut content = sample(Language::En);
    let mut width = |size: Option<(u32, u32)>, credit: &str| {
        let items = content.parts.iter_mut().flat_map(|part| &mut part.items);
        for image in items.filter_map(|item| item.image.as_mut()) {
            (image.width, image.height) = size.unzip();
            credit.clone_into(&mut image.credit);
        }
        let html = digest(Language::En, &content, "").html;
        let picture = html.split("<img").nth(1).unwrap();
        let width = picture.split("width=\"").nth(1).unwrap();
        width.split('"').next().unwrap().to_owned()
    };
    for credit in ["", "Somebody"] {
        assert_eq!(width(None, credit), "544");
        assert_eq!(width(Some((1120, 630)), credit), "544");
        assert_eq!(width(Some((240, 100)), credit), "240");
    }
}

#[test]
fn every_padding_has_its_unit() {
    // The compiler takes a padding with a bare 0 for none, and then every width is wrong.
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("email_templates");
    let mut seen = 0;
    for mail in std::fs::read_dir(folder).unwrap() {
        for template in std::fs::read_dir(mail.unwrap().path()).unwrap() {
            let source = std::fs::read_to_string(template.unwrap().path()).unwrap();
            for padding in source.split("padding=\"").skip(1) {
                let padding = padding.split('"').next().unwrap();
                let mut values = padding.split([' ', '\'']);
                assert!(values.all(|value| value != "0"), "{padding}");
                seen += 1;
            }
        }
    }
    assert!(seen > 20);
}

#[test]
fn words_of_pictures_are_read_in_the_dark() {
    let html = digest(Language::En, &sample(Language::En), "").html;
    let (light, dark) = html
        .split_once("@media (prefers-color-scheme: dark)")
        .unwrap();
    assert!(light.contains(".picture img { color: #20282b; }"));
    assert!(dark.contains(".picture img { color: #ebe6db !important; }"));
    let picture = dark.split("class=\"picture\"").nth(1).unwrap();
    let before_the_end = picture.split("</td>").next().unwrap();
    assert!(before_the_end.contains("<img alt=\"") || before_the_end.contains(" alt=\""));
}

#[test]
fn a_logo_has_a_light_plate_in_the_dark() {
    let mut newsletter = newsletter(Language::En);
    newsletter.logo = Some(Logo {
        name: "logo.png".to_owned(),
        width: 120,
        height: 96,
    });
    let links = DigestLinks {
        logo: Some("https://news.example.org/logo/logo.png"),
        ..LINKS
    };
    let meta = DigestMeta {
        date: date(2024, 7, 8),
    };
    let content = sample(Language::En);
    let mail = render_digest(&newsletter, &content, CountrySet::default(), &links, &meta).unwrap();
    let (_, dark) = mail
        .html
        .split_once("(prefers-color-scheme: dark)")
        .unwrap();
    let (_, plate) = dark.split_once(".logo img {").unwrap();
    assert!(
        plate
            .split('}')
            .next()
            .unwrap()
            .contains("background: #fffdf8 !important")
    );
    let (_, cell) = dark.split_once("class=\"picture logo\"").unwrap();
    let picture = cell.split("</td>").next().unwrap();
    assert!(picture.contains("/logo/logo.png\"") && picture.contains("width=\"60\""));
}

#[test]
fn code_keeps_its_spaces() {
    let mut content = sample(Language::En);
    content.intro = "Run:\n\n```\nif x:\n    y  =  1\n```".to_owned();
    let mail = digest(Language::En, &content, "");
    assert!(
        mail.text.contains("\nif x:\n    y  =  1\n"),
        "{}",
        mail.text
    );
    assert!(mail.html.contains("if x:\n    y  =  1"), "{}", mail.html);
}

#[test]
fn in_safety_mode_neither_part_begins_with_what_it_is_about() {
    for language in Language::ALL {
        let content = sample(*language);
        let mut newsletter = newsletter(*language);
        newsletter.safety_mode = true;
        let meta = DigestMeta {
            date: date(2024, 7, 8),
        };
        let everybody = CountrySet::default();
        let mail = render_digest(&newsletter, &content, everybody, &LINKS, &meta).unwrap();
        let html = text_of(&mail.html);
        let text = mail.text.replace('\n', " ");
        for part in [text.trim(), html.trim()] {
            assert!(part.starts_with(&mail.subject), "{part}");
            let first: String = part.chars().take(250).collect();
            for told in [&newsletter.title, &content.subject, &content.preheader] {
                assert!(!first.contains(told.as_str()), "{told} in {first}");
            }
            assert!(part.contains(&newsletter.title) && part.contains(&content.subject));
        }
        for link in [LINKS.unsubscribe, LINKS.preferences] {
            assert_eq!(mail.text.matches(&format!("<{link}>")).count(), 1);
        }
    }
}

#[test]
fn in_safety_mode_no_mail_to_a_reader_begins_with_the_newsletter() {
    for language in Language::ALL {
        let mut newsletter = newsletter(*language);
        newsletter.safety_mode = true;
        let one = || OneOfSeveral::new(&newsletter, None, LINKS.unsubscribe.to_owned());
        let several = [one(), one()];
        // The others go to somebody who is erased, or to editors.
        for (links, several) in mails()[..6]
            .iter()
            .flat_map(|mail| [(mail, &[][..]), (mail, &several[..])])
        {
            let mail = system_mail_of(&newsletter, *language, *links, several);
            let html = text_of(&mail.html);
            let text = mail.text.replace('\n', " ");
            for part in [text.trim(), html.trim()] {
                assert!(part.starts_with(&mail.subject), "{part}");
                let first: String = part.chars().take(250).collect();
                assert!(!first.contains(&newsletter.title), "{first}");
                assert!(part.contains(&newsletter.title), "{part}");
            }
        }
    }
}

/// What a program that knows no styles shows of the HTML.
fn text_of(html: &str) -> String {
    let body = html.split("<body").nth(1).unwrap();
    let pieces = body.split('<').map(|piece| piece.split_once('>'));
    let shown: String = pieces.flatten().map(|(_, text)| text).collect();
    // What takes no room in a list of mails.
    unreferenced(&shown).replace(['\u{34f}', '\u{200c}'], "")
}

/// A text with its character references resolved.
pub(super) fn unreferenced(text: &str) -> String {
    let mut pieces = text.split('&');
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(';').unwrap();
        let letter = match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "nbsp" => '\u{a0}',
            number => {
                let number = number.strip_prefix('#').unwrap();
                let number = match number.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16),
                    None => number.parse(),
                };
                char::from_u32(number.unwrap()).unwrap()
            }
        };
        plain.push(letter);
        plain.push_str(rest);
    }
    plain
}
