//! Keeps a platform's menus of commands as the bot's folder has them, also after a reload.
use std::collections::BTreeMap;

use bot_core::dialogue::Command;
use bot_core::text::Language;
use bot_runtime::runtime::Runtime;
use bot_runtime::store::Store;
use tokio_util::sync::CancellationToken;

/// Commands by language; the first ones are also for everybody whose language has none of its own.
pub type Menus = Vec<(Language, Vec<Command>)>;

/// Has each menu set that differs from what was set last, at first all of them, until the program is told to stop. One that is not
/// there any more is set to nothing. `None`: for everybody whose language has none of its own.
pub async fn follow<S: Store, F>(
    runtime: &Runtime<S>,
    stop: &CancellationToken,
    mut set: impl FnMut(Option<Language>, Vec<Command>) -> F,
) where
    F: Future<Output = ()>,
{
    let mut known = None;
    while let Some(menus) = changed(runtime, stop, known.as_ref()).await {
        let (before, now) = (by_audience(known.as_ref()), by_audience(Some(&menus)));
        let gone = before.keys().filter(|language| !now.contains_key(*language));
        let gone: Vec<_> = gone.map(|language| (language.clone(), Vec::new())).collect();
        let new = now.into_iter().filter(|(language, menu)| before.get(language) != Some(menu));
        for (language, menu) in gone.into_iter().chain(new) {
            set(language, menu).await;
        }
        known = Some(menus);
    }
}

/// All menus, once they are others than those that are known; for platforms that take them all at once. `None`: the program was
/// told to stop.
pub async fn changed<S: Store>(
    runtime: &Runtime<S>,
    stop: &CancellationToken,
    known: Option<&Menus>,
) -> Option<Menus> {
    loop {
        let swapped = runtime.swapped();
        let menus = menus(runtime);
        if known != Some(&menus) {
            return Some(menus);
        }
        tokio::select! {
            () = stop.cancelled() => return None,
            () = swapped => {}
        }
    }
}

fn by_audience(menus: Option<&Menus>) -> BTreeMap<Option<Language>, Vec<Command>> {
    let menus = menus.into_iter().flatten().enumerate();
    menus.map(|(index, (language, menu))| ((index > 0).then(|| language.clone()), menu.clone())).collect()
}

fn menus<S: Store>(runtime: &Runtime<S>) -> Menus {
    let engine = runtime.engine();
    let languages = &engine.catalog().settings.languages;
    languages.iter().map(|language| (language.clone(), engine.commands(language))).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use bot_core::catalog::Source;
    use bot_core::engine::Engine;
    use bot_runtime::runtime::Options;
    use bot_runtime::store::MemoryStore;
    use tokio::sync::mpsc;

    use super::*;

    fn engine(intent: &str) -> Arc<Engine> {
        let yaml = format!("intents:\n  {intent}:\n    examples: [{intent}]\n    say: \"Yes.\"\n");
        Arc::new(Engine::load(vec![Source::new("x.yaml", yaml)]).unwrap())
    }

    #[tokio::test]
    async fn menus_are_set_at_first_and_when_they_have_changed() {
        let store = Arc::new(MemoryStore::default());
        let runtime = Runtime::start(store, engine("hours"), Options::default());
        let (stop, (sent, mut set)) = (CancellationToken::new(), mpsc::unbounded_channel());
        let sent = Mutex::new(sent);
        let following = tokio::spawn({
            let (runtime, stop) = (runtime.clone(), stop.clone());
            async move {
                follow(&runtime, &stop, |language, commands| {
                    let last = commands.last().map(|command| command.name.clone());
                    sent.lock().unwrap().send((language, last)).unwrap();
                    std::future::ready(())
                })
                .await;
            }
        });
        assert_eq!(set.recv().await, Some((None, Some("hours".to_owned()))));
        // The same menu is not set again.
        runtime.swap(engine("hours"));
        runtime.swap(engine("prices"));
        assert_eq!(set.recv().await, Some((None, Some("prices".to_owned()))));
        stop.cancel();
        following.await.unwrap();
        assert_eq!(set.recv().await, None);
    }
}
