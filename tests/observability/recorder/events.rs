use std::{collections::BTreeMap, fmt, sync::Mutex};

use tracing::{
    Level, Subscriber,
    field::{Field, Visit},
    span,
};
use tracing_subscriber::{
    layer::{Context, Layer},
    registry::LookupSpan,
};

use super::lock;

pub(crate) type Fields = BTreeMap<&'static str, String>;

/// One event, with the spans that it happened in, the innermost first.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) target: &'static str,
    pub(crate) level: Level,
    pub(crate) message: String,
    pub(crate) fields: Fields,
    pub(crate) spans: Vec<InSpan>,
}

#[derive(Clone, Debug)]
pub(crate) struct InSpan {
    id: u64,
    pub(crate) name: &'static str,
    pub(crate) target: &'static str,
    pub(crate) level: Level,
    pub(crate) fields: Fields,
}

impl Event {
    pub(super) fn is_in(&self, span: u64) -> bool {
        self.spans.iter().any(|of| of.id == span)
    }

    /// What is in a field; nothing when the event has none of that name.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

pub(super) struct Collector(pub(super) &'static Mutex<Vec<Event>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Collector {
    fn on_new_span(&self, new: &span::Attributes<'_>, id: &span::Id, context: Context<'_, S>) {
        let mut recorded = Recorded::default();
        new.record(&mut recorded);
        let span = context.span(id).expect("a new span exists");
        span.extensions_mut().insert(recorded);
    }

    fn on_record(&self, id: &span::Id, more: &span::Record<'_>, context: Context<'_, S>) {
        let span = context.span(id).expect("a span that gets more exists");
        if let Some(recorded) = span.extensions_mut().get_mut::<Recorded>() {
            more.record(recorded);
        }
    }

    fn on_event(&self, event: &tracing::Event<'_>, context: Context<'_, S>) {
        let mut recorded = Recorded::default();
        event.record(&mut recorded);
        let spans = context.event_scope(event).into_iter().flatten().map(|span| InSpan {
            id: span.id().into_u64(),
            name: span.name(),
            target: span.metadata().target(),
            level: *span.metadata().level(),
            fields: span
                .extensions()
                .get::<Recorded>()
                .map(|recorded| recorded.0.clone())
                .unwrap_or_default(),
        });
        let kept = Event {
            target: event.metadata().target(),
            level: *event.metadata().level(),
            message: recorded.0.remove("message").unwrap_or_default(),
            fields: recorded.0,
            spans: spans.collect(),
        };
        lock(self.0).push(kept);
    }
}

#[derive(Default)]
struct Recorded(Fields);

impl Visit for Recorded {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}
