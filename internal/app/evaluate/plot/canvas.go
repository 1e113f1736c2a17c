package plot

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"gatewatch/internal/terminal/report"
)

// style is the look of all plots; it follows the reader's choice of light or dark.
const style = `<style>
text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.faint { fill: #656d76 }
.back { fill: #ffffff }
.grid { stroke: #d8dee4; stroke-width: 1 }
.mark { fill: #0969da }
.pale { fill: #0969da; fill-opacity: 0.3 }
.range { stroke: #0969da; stroke-width: 3; stroke-opacity: 0.35 }
.curve { stroke: #0969da; stroke-width: 2; fill: none }
.tick { stroke: #0969da; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .faint { fill: #8d96a0 }
  .back { fill: #0d1117 }
  .grid { stroke: #30363d }
  .mark, .pale { fill: #4493f8 }
  .range, .curve, .tick { stroke: #4493f8 }
}
</style>
`

// canvas collects the elements of one SVG. Points are in pixels from the top left.
type canvas struct {
	width, height float64
	b             strings.Builder
}

func newCanvas(width, height float64, title, subtitle string) *canvas {
	c := &canvas{width: width, height: height}
	fmt.Fprintf(&c.b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%s" height="%s" role="img" aria-label="%s">`+"\n",
		px(width), px(height), px(width), px(height), safe(title))
	c.b.WriteString(style)
	c.rect("back", 0, 0, width, height)
	c.text("title", 16, 26, title)
	c.text("faint", 16, 45, subtitle)
	return c
}

func (c *canvas) end() []byte { return []byte(c.b.String() + "</svg>\n") }

func (c *canvas) rect(class string, x, y, width, height float64) {
	fmt.Fprintf(&c.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`+"\n", class, px(x), px(y), px(width), px(height))
}

func (c *canvas) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(&c.b, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`+"\n", class, px(x1), px(y1), px(x2), px(y2))
}

func (c *canvas) dot(x, y float64) {
	fmt.Fprintf(&c.b, `<circle class="mark" cx="%s" cy="%s" r="4.5"/>`+"\n", px(x), px(y))
}

// text begins at x, or ends there, or has it in the middle, as the class says: "", "end" or "middle" after a blank.
func (c *canvas) text(class string, x, y float64, s string) {
	class, anchor, _ := strings.Cut(class, " ")
	if anchor != "" {
		anchor = ` text-anchor="` + anchor + `"`
	}
	fmt.Fprintf(&c.b, `<text class="%s"%s x="%s" y="%s">%s</text>`+"\n", class, anchor, px(x), px(y), safe(s))
}

// path draws a line through points, x and y in turn.
func (c *canvas) path(points []float64) {
	c.b.WriteString(`<polyline class="curve" points="`)
	for i := 0; i+1 < len(points); i += 2 {
		fmt.Fprintf(&c.b, "%s,%s ", px(points[i]), px(points[i+1]))
	}
	c.b.WriteString(`"/>` + "\n")
}

// safe is a text for XML: names come from files.
func safe(s string) string { return html.EscapeString(report.Visible(s)) }

// px writes a coordinate to a tenth of a pixel.
func px(v float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(v, 'f', 1, 64), ".0")
}
