//! Keeps a platform's menus of commands as the bot's folder has them, also after a reload.
use std::collections::BTreeMap;

use bot_core::dialogue::Command;
use bot_core::text::Language;
use bot_runtime::runtime::Runtime;
use bot_runtime::store::Store;
use tokio_util::sync::CancellationToken;

/// Commands by language; `None`: for everybody whose language has none of its own.
pub type Menus = BTreeMap<Option<Language>, Vec<Command>>;

/// Has each menu set that differs from what was set last, at first all of them, until the program is told to stop. One that is not
/// there any more is set to nothing.
pub async fn follow<S: Store, F>(
    runtime: &Runtime<S>,
    stop: &CancellationToken,
    mut set: impl FnMut(Option<Language>, Vec<Command>) -> F,
) where
    F: Future<Output = ()>,
{
    let mut known = Menus::new();
    loop {
        let swapped = runtime.swapped();
        let menus = menus(runtime);
        let gone = known.keys().filter(|language| !menus.contains_key(*language));
        let gone: Vec<_> = gone.map(|language| (language.clone(), Vec::new())).collect();
        let new = menus.iter().filter(|(language, menu)| known.get(*language) != Some(*menu));
        let new: Vec<_> = new.map(|(language, menu)| (language.clone(), menu.clone())).collect();
        for (language, menu) in gone.into_iter().chain(new) {
            set(language, menu).await;
        }
        known = menus;
        tokio::select! {
            () = stop.cancelled() => return,
            () = swapped => {}
        }
    }
}

fn menus<S: Store>(runtime: &Runtime<S>) -> Menus {
    let engine = runtime.engine();
    let languages = &engine.catalog().settings.languages;
    let menu = |(index, language): (usize, &Language)| {
        ((index > 0).then(|| language.clone()), engine.commands(language))
    };
    languages.iter().enumerate().map(menu).collect()
}
