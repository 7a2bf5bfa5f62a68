//! Certificates and who issues them.

use super::changed::{Changed, arrow, list, spec_changes, texts, without};
use super::deletion::annotation;
use super::scene::Scene;
use super::{Found, Level, Rule};

const ISSUER: Rule = Rule {
    id: "issuer-changed",
    level: Level::Outage,
    title: "certificate comes from another issuer",
    advice: "It is issued anew. Clients that trust only the old issuer refuse it; hand out the new CA first.",
};

const ISSUER_SETUP: Rule = Rule {
    id: "issuer-setup-changed",
    level: Level::Outage,
    title: "issuer issues in another way",
    advice: "Renewals fail if it is wrong, and new certificates may have another CA. Try it with one certificate first.",
};

const NAMES: Rule = Rule {
    id: "certificate-names-removed",
    level: Level::Outage,
    title: "certificate no longer has a name",
    advice: "Clients that connect by the name refuse the certificate.",
};

const SECRET: Rule = Rule {
    id: "certificate-secret-changed",
    level: Level::Outage,
    title: "certificate is written into another Secret",
    advice: "What reads the old Secret keeps an old certificate, which runs out. Change what reads it with it.",
};

pub(super) const RULES: &[&Rule] = &[&ISSUER, &ISSUER_SETUP, &NAMES, &SECRET];

/// Annotations by which an Ingress or a Gateway names its issuer.
const ASKS: [&str; 2] = ["cert-manager.io/cluster-issuer", "cert-manager.io/issuer"];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    let Some((before, after)) = changed.both() else { return };
    if changed.is("cert-manager.io", &["Certificate"]) {
        for key in changed.leaves().iter().filter(|key| key.starts(&["spec", "issuerRef"])) {
            found.at(&ISSUER, changed, key, changed.arrow(key));
        }
        let names = |side| {
            [&["spec", "dnsNames"][..], &["spec", "ipAddresses"]]
                .iter()
                .flat_map(|path| texts(Some(side), path))
                .collect::<Vec<_>>()
        };
        let gone = without(&names(before), &names(after));
        if !gone.is_empty() {
            found.add(&NAMES, changed, format!("no longer has {}", list(&gone)));
        }
        if let Some(sides) = changed.differs(&["spec", "secretName"]) {
            found.named(&SECRET, changed, "spec.secretName", arrow(sides));
        }
    }
    if changed.is("cert-manager.io", &["Issuer", "ClusterIssuer"]) {
        let what = spec_changes(changed);
        if !what.is_empty() {
            found.add(&ISSUER_SETUP, changed, what);
        }
    }
    for name in ASKS {
        let (old, new) = (annotation(before, name), annotation(after, name));
        if old != new && old.is_some() {
            found.named(&ISSUER, changed, name, format!("{} → {}", old.unwrap_or("unset"), new.unwrap_or("unset")));
        }
    }
    if changed.is_values() {
        for key in changed.leaves().iter().filter(|key| ASKS.contains(&key.last())) {
            found.at(&ISSUER, changed, key, changed.arrow(key));
        }
    }
}
