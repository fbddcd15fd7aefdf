//! A way to the broker on which attempts, messages, and what the broker has taken are counted.

use std::sync::Arc;

use offhook_uplink::{Connection, Happening, Outcome, Publication, Refusal, Ticket, Transport};

use super::report::Tally;

/// See the module.
pub(super) struct Counted<T> {
    inner: T,
    tally: Arc<Tally>,
}

impl<T> Counted<T> {
    pub(super) fn new(inner: T, tally: Arc<Tally>) -> Self {
        Self { inner, tally }
    }
}

impl<T: Transport> Transport for Counted<T> {
    type Connection = Counted<T::Connection>;

    async fn connect(&mut self, will: Option<Publication>) -> Result<Self::Connection, Refusal> {
        Tally::count(&self.tally.attempts);
        let inner = self.inner.connect(will).await?;
        Ok(Counted::new(inner, Arc::clone(&self.tally)))
    }
}

impl<C: Connection> Connection for Counted<C> {
    fn subscribe(&mut self, filters: &[String]) {
        self.inner.subscribe(filters);
    }

    fn publish(&mut self, ticket: Ticket, publication: Publication) {
        Tally::count(&self.tally.messages);
        self.inner.publish(ticket, publication);
    }

    async fn next(&mut self) -> Happening {
        let happening = self.inner.next().await;
        if let Happening::Published(_, Outcome::Taken | Outcome::NobodyThere) = happening {
            Tally::count(&self.tally.taken);
        }
        happening
    }

    async fn close(self) {
        self.inner.close().await;
    }
}
