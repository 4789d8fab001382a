use bot_core::{catalog::*, entity::Value, text::Language};
pub trait S1 {
    fn render(&self, s: &[Source]) -> String;
    fn render_coloured(&self, s: &[Source]) -> String;
}
impl S1 for Diagnostic {
    fn render(&self, _: &[Source]) -> String {
        format!("{self:?}")
    }
    fn render_coloured(&self, s: &[Source]) -> String {
        self.render(s)
    }
}
pub trait S2 {
    fn shown(&self, _: &Language) -> String;
    fn to_json(&self) -> serde_json::Value;
}
impl S2 for Value {
    fn shown(&self, _: &Language) -> String {
        format!("{self:?}")
    }
    fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).unwrap()
    }
}
