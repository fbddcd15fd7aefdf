//! How many apps are registered, in all and per web origin.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::limits::{APPS, APPS_PER_ORIGIN};

/// The registered apps, counted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Apps(Arc<Mutex<BTreeMap<Option<String>, usize>>>);

/// The place of one app, free again when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    apps: Apps,
    origin: Option<String>,
}

impl Apps {
    /// Takes a place. `None` if all are taken.
    pub(crate) fn admit(&self, origin: Option<String>) -> Option<Place> {
        let mut counts = self.lock();
        let all: usize = counts.values().sum();
        let same = counts.entry(origin.clone()).or_default();
        if all >= APPS || (origin.is_some() && *same >= APPS_PER_ORIGIN) {
            return None;
        }
        *same += 1;
        Some(Place {
            apps: self.clone(),
            origin,
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Option<String>, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(count) = self.apps.lock().get_mut(&self.origin) {
            *count -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_in_all_and_per_origin() {
        let apps = Apps::default();
        let origin = || Some("https://crm.example.com".to_owned());
        let mut places: Vec<_> = (0..APPS_PER_ORIGIN)
            .map(|_| apps.admit(origin()).unwrap())
            .collect();
        assert!(apps.admit(origin()).is_none());

        places.extend((APPS_PER_ORIGIN..APPS).map(|_| apps.admit(None).unwrap()));
        assert!(apps.admit(None).is_none());

        drop(places.pop());
        assert!(apps.admit(None).is_some());
    }
}
