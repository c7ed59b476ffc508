//! The parts of a certificate that people compare (RFC 5280, section 4.1).

use std::{net::IpAddr, time::Duration};

use der::{
    Decode as _, Error, Reader as _, SliceReader, Tag, TagNumber, Tagged as _,
    asn1::{AnyRef, GeneralizedTime, OctetStringRef, UtcTime},
};

use rustls::pki_types::SubjectPublicKeyInfoDer;

type ObjectIdentifier = der::asn1::ObjectIdentifier;

/// Where names and addresses stand.
const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
/// The attributes of a distinguished name that have a short name (RFC 4514, section 3).
const ATTRIBUTES: [(&str, &str); 10] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
];

/// What of a certificate is read. The times are since the Unix epoch.
pub(crate) struct Fields {
    pub(crate) issuer: String,
    pub(crate) subject: String,
    pub(crate) not_before: Duration,
    pub(crate) not_after: Duration,
    /// DNS names and IP addresses.
    pub(crate) names: Vec<String>,
    /// The server's, by which it proves that the certificate is its own.
    pub(crate) public_key: SubjectPublicKeyInfoDer<'static>,
}

impl Fields {
    /// `None` when the certificate can't be read.
    pub(crate) fn read(certificate: &[u8]) -> Option<Self> {
        let certificate = AnyRef::from_der(certificate).ok()?;
        certificate
            .sequence(|certificate| {
                let fields = AnyRef::decode(certificate)?.sequence(to_be_signed)?;
                skip_rest(certificate)?;
                Ok::<_, Error>(fields)
            })
            .ok()
    }
}

fn to_be_signed(reader: &mut SliceReader<'_>) -> Result<Fields, Error> {
    if is_context(Tag::peek(reader)?, TagNumber(0)) {
        AnyRef::decode(reader)?; // version
    }
    AnyRef::decode(reader)?; // serial number
    AnyRef::decode(reader)?; // the signature's algorithm
    let issuer = AnyRef::decode(reader)?.sequence(distinguished_name)?;
    let (not_before, not_after) = AnyRef::decode(reader)?
        .sequence(|validity| Ok::<_, Error>((time(validity)?, time(validity)?)))?;
    let subject = AnyRef::decode(reader)?.sequence(distinguished_name)?;
    let public_key = reader.tlv_bytes()?.to_vec().into();
    let mut names = Vec::new();
    while !reader.is_finished() {
        let part = AnyRef::decode(reader)?;
        if is_context(part.tag(), TagNumber(3)) {
            names = SliceReader::new(part.value())?.sequence(names_of_extensions)?;
        }
    }
    Ok(Fields { issuer, subject, not_before, not_after, names, public_key })
}

fn time(reader: &mut SliceReader<'_>) -> Result<Duration, Error> {
    Ok(match Tag::peek(reader)? {
        Tag::UtcTime => UtcTime::decode(reader)?.to_unix_duration(),
        _ => GeneralizedTime::decode(reader)?.to_unix_duration(),
    })
}

/// The last part first, as RFC 4514 writes it: `CN=nas,O=Home`.
fn distinguished_name(reader: &mut SliceReader<'_>) -> Result<String, Error> {
    let mut parts = Vec::new();
    while !reader.is_finished() {
        let set = AnyRef::decode(reader)?;
        set.tag().assert_eq(Tag::Set)?;
        let mut set = SliceReader::new(set.value())?;
        let mut attributes = Vec::new();
        while !set.is_finished() {
            attributes.push(set.sequence(attribute)?);
        }
        parts.push(attributes.join("+"));
    }
    parts.reverse();
    Ok(parts.join(","))
}

fn attribute(reader: &mut SliceReader<'_>) -> Result<String, Error> {
    let kind = ObjectIdentifier::decode(reader)?.to_string();
    let value = AnyRef::decode(reader)?;
    let short = ATTRIBUTES.iter().find(|(known, _)| *known == kind).map(|(_, short)| *short);
    Ok(format!("{}={}", short.unwrap_or(&kind), escaped(&text(value))))
}

/// A string of any kind; what is in no known encoding is shown as far as it is Latin.
fn text(value: AnyRef<'_>) -> String {
    let bytes = value.value();
    match value.tag() {
        Tag::BmpString => {
            let units = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units)
                .map(|next| next.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        Tag::TeletexString => bytes.iter().map(|&byte| char::from(byte)).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// So that no value can pretend to be a further part.
fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for next in value.chars() {
        if ",+=\"\\<>;".contains(next) {
            escaped.push('\\');
        }
        escaped.push(next);
    }
    escaped
}

fn names_of_extensions(reader: &mut SliceReader<'_>) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    while !reader.is_finished() {
        let extension = AnyRef::decode(reader)?;
        names.extend(extension.sequence(names_of_extension)?);
    }
    Ok(names)
}

fn names_of_extension(reader: &mut SliceReader<'_>) -> Result<Vec<String>, Error> {
    let kind = ObjectIdentifier::decode(reader)?;
    if Tag::peek(reader)? == Tag::Boolean {
        AnyRef::decode(reader)?; // whether it is critical
    }
    let value = <&OctetStringRef>::decode(reader)?;
    if kind != SUBJECT_ALT_NAME {
        return Ok(Vec::new());
    }
    SliceReader::new(value.as_bytes())?.sequence(|list| {
        let mut names = Vec::new();
        while !list.is_finished() {
            names.extend(general_name(AnyRef::decode(list)?));
        }
        Ok(names)
    })
}

/// `None` for kinds that no server is reached by.
fn general_name(name: AnyRef<'_>) -> Option<String> {
    let bytes = name.value();
    match name.tag() {
        Tag::ContextSpecific { number: TagNumber(2), .. } => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
        Tag::ContextSpecific { number: TagNumber(7), .. } => {
            let v4 = || <[u8; 4]>::try_from(bytes).map(IpAddr::from);
            let v6 = || <[u8; 16]>::try_from(bytes).map(IpAddr::from);
            v4().or_else(|_| v6()).ok().map(|address| address.to_string())
        }
        _ => None,
    }
}

fn is_context(tag: Tag, wanted: TagNumber) -> bool {
    matches!(tag, Tag::ContextSpecific { number, .. } if number == wanted)
}

fn skip_rest(reader: &mut SliceReader<'_>) -> Result<(), Error> {
    reader.drain(reader.remaining_len())
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, DnValue, KeyPair, date_time_ymd};

    use super::*;

    fn fields(change: impl FnOnce(&mut CertificateParams)) -> Fields {
        let mut params = CertificateParams::new(Vec::new()).expect("no names, nothing to refuse");
        params.distinguished_name = rcgen::DistinguishedName::new();
        change(&mut params);
        let key = KeyPair::generate().expect("ring makes keys");
        let certificate = params.self_signed(&key).expect("the parameters are complete");
        Fields::read(certificate.der()).expect("it can be read")
    }

    fn name(parts: &[(DnType, DnValue)]) -> String {
        let fields = fields(|params| {
            for (kind, value) in parts {
                params.distinguished_name.push(kind.clone(), value.clone());
            }
        });
        assert_eq!(fields.issuer, fields.subject);
        fields.subject
    }

    #[test]
    fn a_name_is_written_as_rfc_4514_does_whatever_its_strings_are() {
        let of_latin = AnyRef::new(Tag::TeletexString, b"B\xF6hm").expect("it is short");
        assert_eq!(text(of_latin), "B\u{f6}hm");
        let text = |text: &str| DnValue::Utf8String(text.to_owned());
        assert_eq!(name(&[]), "");
        assert_eq!(
            name(&[
                (DnType::CountryName, DnValue::PrintableString("DE".try_into().expect("ASCII"))),
                (DnType::OrganizationName, text("B\u{f6}hm & Sons, \"Home\"+1")),
                (DnType::CommonName, DnValue::BmpString("n\u{e4}s".try_into().expect("BMP"))),
            ]),
            "CN=n\u{e4}s,O=B\u{f6}hm & Sons\\, \\\"Home\\\"\\+1,C=DE"
        );
        let of_no_name = DnType::CustomDnType(vec![1, 2, 3, 4]);
        assert_eq!(name(&[(of_no_name, text("x"))]), "1.2.3.4=x");
    }

    #[test]
    fn dates_before_and_after_2050_are_read() {
        let fields = fields(|params| {
            params.not_before = date_time_ymd(1999, 12, 31);
            params.not_after = date_time_ymd(2050, 1, 1);
        });
        assert_eq!(fields.not_before, Duration::from_secs(946_598_400));
        assert_eq!(fields.not_after, Duration::from_secs(2_524_608_000));
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_no_certificate() {
        let key = KeyPair::generate().expect("ring makes keys");
        let params = CertificateParams::new(vec!["nas.example".to_owned()]).expect("a name");
        let certificate = params.self_signed(&key).expect("the parameters are complete");
        let bytes: &[u8] = certificate.der();
        assert!(Fields::read(bytes).is_some());
        for length in 0..bytes.len() {
            assert!(Fields::read(&bytes[..length]).is_none(), "{length}");
        }
        assert!(Fields::read(&[bytes, &[0]].concat()).is_none(), "something follows");
        assert!(Fields::read(&[0x30, 0]).is_none());
        for index in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.to_vec();
                damaged[index] ^= 1 << bit;
                let _ = Fields::read(&damaged); // whatever it says, it ends
            }
        }
    }

    #[cfg(feature = "bundled-roots")]
    #[test]
    fn every_bundled_root_can_be_read() {
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS;
        assert!(roots.len() > 100, "{}", roots.len());
        for root in roots {
            let Fields { issuer, subject, not_before, not_after, .. } =
                Fields::read(root).expect("a certificate");
            assert_eq!(issuer, subject);
            assert!(issuer.contains("O=") || issuer.contains("CN="), "{issuer}");
            assert!(not_before < not_after, "{issuer}");
        }
    }
}
