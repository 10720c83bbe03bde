//! Figures as dots on a logarithmic axis, in SVG: readable on light and on dark ground.

use std::fmt::Write;

/// A drawing of lines, each with dots.
pub(crate) struct Plot {
    pub(crate) title: String,
    /// What the axis tells.
    pub(crate) axis: &'static str,
    /// What the dots stand for, in the order of their numbers.
    pub(crate) series: Vec<String>,
    pub(crate) lines: Vec<Line>,
}

/// A line of a plot.
pub(crate) struct Line {
    pub(crate) label: String,
    /// A bar across the line.
    pub(crate) goal: Option<f64>,
    pub(crate) dots: Vec<Dot>,
}

/// A dot with a tail: the minimum and the median of a row.
pub(crate) struct Dot {
    pub(crate) series: usize,
    pub(crate) value: f64,
    pub(crate) tail: f64,
}

const WIDTH: f64 = 860.0;
const LABELS: f64 = 250.0;
const RIGHT: f64 = 30.0;
const TOP: f64 = 84.0;
const LINE: f64 = 22.0;
const BOTTOM: f64 = 44.0;
/// Width of a letter, on average.
const LETTER: f64 = 7.0;

const STYLE: &str = "\
text{font:13px system-ui,sans-serif;fill:#24292f}\
.title{font-weight:600;font-size:15px}\
.small{font-size:11px;fill:#57606a}\
.grid{stroke:#d0d7de;stroke-width:1}\
.goal{stroke:#24292f;stroke-width:2}\
.s0{fill:#0969da;stroke:#0969da}\
.s1{fill:#bc4c00;stroke:#bc4c00}\
.s2{fill:#1a7f37;stroke:#1a7f37}\
.s3{fill:#8250df;stroke:#8250df}\
.tail{stroke-width:2;opacity:.5}\
@media(prefers-color-scheme:dark){\
text{fill:#e6edf3}\
.small{fill:#9198a1}\
.grid{stroke:#3d444d}\
.goal{stroke:#e6edf3}\
.s0{fill:#4493f8;stroke:#4493f8}\
.s1{fill:#f0883e;stroke:#f0883e}\
.s2{fill:#3fb950;stroke:#3fb950}\
.s3{fill:#ab7df8;stroke:#ab7df8}}";
const STYLES: usize = 4;

impl Plot {
    /// The drawing.
    pub(crate) fn to_svg(&self) -> String {
        let height = TOP + LINE * self.lines.len() as f64 + BOTTOM;
        let mut svg = String::new();
        let _ = writeln!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
             viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n\
             <title>{0}</title>\n<style>{STYLE}</style>\n\
             <text class=\"title\" x=\"10\" y=\"24\">{0}</text>",
            escaped(&self.title)
        );
        self.legend(&mut svg);
        let scale = Scale::of(self.values());
        self.grid(&mut svg, &scale, height);
        for (number, line) in self.lines.iter().enumerate() {
            let y = TOP + LINE * (number as f64 + 0.5);
            line.draw(&mut svg, &scale, y);
        }
        svg += "</svg>\n";
        svg
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.lines.iter().flat_map(|line| {
            let dots = line.dots.iter().flat_map(|dot| [dot.value, dot.tail]);
            dots.chain(line.goal)
        })
    }

    fn legend(&self, svg: &mut String) {
        let mut x = LABELS;
        for (number, name) in self.series.iter().enumerate() {
            mark(svg, number, x, 46.0);
            let _ = writeln!(
                svg,
                "<text x=\"{}\" y=\"50\">{}</text>",
                x + 12.0,
                escaped(name)
            );
            x += 40.0 + LETTER * name.len() as f64;
        }
        if self.lines.iter().any(|line| line.goal.is_some()) {
            let _ = writeln!(
                svg,
                "<line class=\"goal\" x1=\"{x}\" y1=\"38\" x2=\"{x}\" y2=\"54\"/>\
                 <text x=\"{}\" y=\"50\">goal</text>",
                x + 10.0
            );
        }
    }

    fn grid(&self, svg: &mut String, scale: &Scale, height: f64) {
        let end = height - BOTTOM;
        for value in scale.ticks() {
            let x = scale.place(value);
            let _ = writeln!(
                svg,
                "<line class=\"grid\" x1=\"{x:.1}\" y1=\"{}\" x2=\"{x:.1}\" y2=\"{end}\"/>\
                 <text class=\"small\" text-anchor=\"middle\" x=\"{x:.1}\" y=\"{}\">{value}</text>",
                TOP - 6.0,
                end + 15.0
            );
        }
        let _ = writeln!(
            svg,
            "<text class=\"small\" text-anchor=\"end\" x=\"{}\" y=\"{}\">{}</text>",
            WIDTH - RIGHT,
            end + 32.0,
            escaped(self.axis)
        );
    }
}

impl Line {
    fn draw(&self, svg: &mut String, scale: &Scale, y: f64) {
        let _ = writeln!(
            svg,
            "<text text-anchor=\"end\" x=\"{}\" y=\"{:.1}\">{}</text>",
            LABELS - 16.0,
            y + 4.5,
            escaped(&self.label)
        );
        if let Some(goal) = self.goal {
            let x = scale.place(goal);
            let _ = writeln!(
                svg,
                "<line class=\"goal\" x1=\"{x:.1}\" y1=\"{:.1}\" x2=\"{x:.1}\" y2=\"{:.1}\"/>",
                y - 8.0,
                y + 8.0
            );
        }
        for dot in &self.dots {
            let (x, tail) = (scale.place(dot.value), scale.place(dot.tail));
            let _ = writeln!(
                svg,
                "<line class=\"tail s{}\" x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{tail:.1}\" y2=\"{y:.1}\"/>",
                dot.series % STYLES
            );
            mark(svg, dot.series, x, y);
        }
    }
}

/// A mark: form and colour both tell the series.
fn mark(svg: &mut String, series: usize, x: f64, y: f64) {
    let style = series % STYLES;
    let polygon = |points: [(f64, f64); 4]| {
        let points = points.map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy));
        format!(
            "<polygon class=\"s{style}\" points=\"{}\"/>",
            points.join(" ")
        )
    };
    let mark = match style {
        0 => format!("<circle class=\"s0\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\"/>"),
        1 => polygon([(-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)]),
        2 => polygon([(0.0, -6.0), (6.0, 0.0), (0.0, 6.0), (-6.0, 0.0)]),
        _ => polygon([(0.0, -5.5), (5.5, 4.5), (-5.5, 4.5), (0.0, -5.5)]),
    };
    let _ = writeln!(svg, "{mark}");
}

/// A logarithmic axis.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// One that shows these values, those that a logarithm has.
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, 0_f64);
        for value in values.filter(|value| *value > 0.0 && value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (1.0, 10.0);
        }
        Self {
            low: low / 1.25,
            high: high * 1.25,
        }
    }

    fn place(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        let part = (value / self.low).ln() / (self.high / self.low).ln();
        LABELS + part * (WIDTH - LABELS - RIGHT)
    }

    /// 1, 2 and 5 times the powers of ten.
    fn ticks(&self) -> impl Iterator<Item = f64> {
        let first = self.low.log10().floor() as i32;
        let last = self.high.log10().ceil() as i32;
        let all = (first..=last).flat_map(|power| {
            [1.0, 2.0, 5.0].map(|digit: f64| match u32::try_from(power) {
                Ok(power) => digit * f64::from(10_u32.saturating_pow(power)),
                // Dividing by a whole number keeps 0.2 from being written as 0.2000...01.
                Err(_) => digit / f64::from(10_u32.saturating_pow(power.unsigned_abs())),
            })
        });
        all.filter(|value| (self.low..=self.high).contains(value))
    }
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}
