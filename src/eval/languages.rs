//! Language codes of three letters and of two.

/// ISO 639-3 codes, also of the main languages of macro languages, with the two-letter code that BCP 47 prefers.
const SHORT: &str = "\
afr af aka ak amh am ara ar arb ar aze az azj az bel be ben bn bos bs bul bg cat ca ces cs cmn zh cym cy dan da deu de \
ell el eng en epo eo est et ekk et eus eu fas fa fin fi fra fr gle ga guj gu heb he hin hi hrv hr hun hu hye hy ind id \
isl is ita it jav jv jpn ja kan kn kat ka kaz kk khm km kor ko lat la lav lv lvs lv lit lt lug lg mal ml mar mr mkd mk \
mon mn khk mn mri mi msa ms zsm ms mya my nep ne npi ne nld nl nno nn nob nb nor no ori or ory or pan pa pes fa pol pl \
por pt ron ro rus ru sin si slk sk slv sl sna sn som so sot st spa es sqi sq als sq srp sr swa sw swh sw swe sv tam ta \
tel te tgl tl tha th tsn tn tso ts tuk tk tur tr ukr uk urd ur uzb uz uzn uz vie vi xho xh yid yi ydd yi yor yo zho zh \
zul zu";

/// The code that stands for a language in comparisons: of two letters where there is one.
pub(super) fn short(code: &str) -> &str {
    let mut words = SHORT.split(' ');
    while let (Some(long), Some(short)) = (words.next(), words.next()) {
        if long == code {
            return short;
        }
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_one_language_are_one() {
        assert_eq!(["por", "cmn", "zho", "en", "xyz"].map(short), ["pt", "zh", "zh", "en", "xyz"]);
    }
}
