//! What panics is caught, and what it would print is not printed: a panic's words may quote the customer
//! ("byte index 3 is not a char boundary; it is inside 'ü' of `…`").
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::pin::Pin;
use std::sync::Once;
use std::task::{Context, Poll, ready};

thread_local! {
    static HUSHED: Cell<bool> = const { Cell::new(false) };
}

/// It panicked; where is in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Panicked;

/// From now on a panic of what is caught here is logged with its place alone; all others are printed as before.
pub(super) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info| {
            if HUSHED.get() {
                let place = info.location().map(ToString::to_string).unwrap_or_default();
                tracing::error!(place, "a panic was caught");
            } else {
                before(info);
            }
        }));
    });
}

/// Calls, and catches a panic.
pub(super) fn caught<T>(call: impl FnOnce() -> T) -> Result<T, Panicked> {
    let before = HUSHED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(call));
    HUSHED.set(before);
    result.map_err(|_| Panicked)
}

/// A future whose panic is its result.
pub(super) struct Caught<F>(Pin<Box<F>>);

impl<F: Future> Caught<F> {
    pub fn new(future: F) -> Caught<F> {
        Caught(Box::pin(future))
    }
}

impl<F: Future> Future for Caught<F> {
    type Output = Result<F::Output, Panicked>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = caught(|| self.0.as_mut().poll(context));
        match polled {
            Ok(polled) => Poll::Ready(Ok(ready!(polled))),
            Err(Panicked) => Poll::Ready(Err(Panicked)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_result() {
        install_hook();
        assert_eq!(caught(|| panic!("card 4111")), Err::<(), _>(Panicked));
        assert_eq!(caught(|| 1), Ok(1));
        let future = async {
            tokio::task::yield_now().await;
            panic!("card 4111")
        };
        assert_eq!(Caught::new(future).await, Err::<(), _>(Panicked));
        assert_eq!(Caught::new(async { 1 }).await, Ok(1));
    }
}
