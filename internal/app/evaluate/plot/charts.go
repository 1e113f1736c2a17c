package plot

import (
	"fmt"
	"math"

	"gatewatch/internal/app/evaluate"
	"gatewatch/internal/app/evaluate/interval"
)

// The frame that all plots share, in pixels.
const (
	width  = 760
	top    = 66
	row    = 24
	left   = 190
	right  = width - 90
	bottom = 44 // below the plot, for the axis
	tall   = 240
)

// recall draws, for every technique, the share of attacks found.
func recall(r *evaluate.Result) []byte {
	c := newCanvas(width, height(r), "Recall by technique", "attacks found, with 95 % intervals (Wilson)")
	x := shares(left, right)
	below := c.rows(r, &x)
	for i := range r.Techniques {
		g := &r.Techniques[i]
		y := rowAt(i)
		c.line("range", x.at(g.Recall.Low), y, x.at(g.Recall.High), y)
		c.dot(x.at(g.Recall.Value), y)
		c.text("faint", right+14, y+4, fmt.Sprintf("%d of %d", g.Recall.Hits, g.Recall.Of))
	}
	c.text("faint middle", (left+right)/2, below+34, "attacks found")
	return c.end()
}

// detection draws, for every technique, how long it took.
func detection(r *evaluate.Result) []byte {
	longest := 0.0
	for i := range r.Techniques {
		d := &r.Techniques[i].Detection
		for _, v := range [...]float64{d.Median.Value, d.Median.High, d.P90.Value} {
			if !math.IsInf(v, 1) {
				longest = max(longest, v)
			}
		}
	}
	c := newCanvas(width, height(r), "Time to detection by technique",
		"from the first request to the first finding: median with its 95 % interval (bootstrap), and 90th percentile (bar); missed: at the right edge")
	x := times(left, right, longest)
	below := c.rows(r, &x)
	for i := range r.Techniques {
		d := &r.Techniques[i].Detection
		y := rowAt(i)
		if d.Count == d.Missed {
			c.text("faint", right+14, y+4, "none found")
			continue
		}
		c.line("range", x.at(d.Median.Low), y, x.at(d.Median.High), y)
		c.line("tick", x.at(d.P90.Value), y-7, x.at(d.P90.Value), y+7)
		c.dot(x.at(d.Median.Value), y)
		c.text("faint", right+14, y+4, evaluate.Duration(d.Median.Value))
	}
	c.text("faint middle", (left+right)/2, below+34, "time, logarithmic")
	return c.end()
}

func height(r *evaluate.Result) float64 { return top + float64(max(len(r.Techniques), 1))*row + bottom }

func rowAt(i int) float64 { return top + (float64(i)+0.5)*row }

// rows draws the names of techniques and the grid of an axis below them.
func (c *canvas) rows(r *evaluate.Result, x *axis) (below float64) {
	below = c.height - bottom
	for _, t := range x.ticks {
		c.line("grid", x.at(t.value), top, x.at(t.value), below)
		c.text("faint middle", x.at(t.value), below+16, t.text)
	}
	for i := range r.Techniques {
		c.text("ink end", left-12, rowAt(i)+4, cut(r.Techniques[i].Name))
	}
	if len(r.Techniques) == 0 {
		c.text("faint", left+8, rowAt(0)+4, "no attacks in the labels")
	}
	return below
}

// cut keeps a name within its margin.
func cut(name string) string {
	const most = 26
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}

// falseAlerts draws false alerts day by day.
func falseAlerts(r *evaluate.Result) []byte {
	const edge = 60
	c := newCanvas(width, top+tall+bottom, "False alerts by day", "of medium severity or above (dark), and of any severity (pale)")
	most := 0
	for _, d := range r.ByDay {
		most = max(most, d.All)
	}
	y := counts(top+tall, top, float64(most))
	c.levels(&y, edge, width-20)
	slot := (width - 20 - edge) / float64(max(len(r.ByDay), 1))
	every := max(len(r.ByDay)/7, 1)
	for i, d := range r.ByDay {
		x := edge + float64(i)*slot
		bar := max(slot*0.8, 0.5)
		c.rect("pale", x+slot*0.1, y.at(float64(d.All)), bar, y.from-y.at(float64(d.All)))
		c.rect("mark", x+slot*0.1, y.at(float64(d.Medium)), bar, y.from-y.at(float64(d.Medium)))
		if i%every == 0 {
			c.text("faint middle", x+slot/2, y.from+16, d.Date)
		}
	}
	c.text("faint middle", width/2, y.from+36, "day (UTC)")
	return c.end()
}

// levels draws the grid of an upright axis.
func (c *canvas) levels(y *axis, from, to float64) {
	for _, t := range y.ticks {
		c.line("grid", from, y.at(t.value), to, y.at(t.value))
		c.text("faint end", from-8, y.at(t.value)+4, t.text)
	}
}

// curve draws recall over false alerts as the score that findings must have falls.
func curve(r *evaluate.Result) []byte {
	const edge = 70
	c := newCanvas(width, top+tall+bottom, "Recall and false alerts by score",
		"if findings had to have at least the score beside the point; bars are 95 % intervals (Wilson)")
	most := 0.0
	for _, p := range r.Curve {
		most = max(most, p.Alerts.PerDay)
	}
	x, y := rates(edge, width-40, most), shares(top+tall, top)
	c.levels(&y, edge, width-40)
	for _, t := range x.ticks {
		c.line("grid", x.at(t.value), top, x.at(t.value), y.from)
		c.text("faint middle", x.at(t.value), y.from+16, t.text)
	}
	var points []float64
	var last evaluate.Point
	for i, p := range r.Curve {
		if i > 0 && same(p, last) {
			continue
		}
		// Down first and then to the left: between two scores there are no others.
		if i > 0 {
			points = append(points, x.at(last.Alerts.PerDay), y.at(p.Recall.Value))
		}
		points = append(points, x.at(p.Alerts.PerDay), y.at(p.Recall.Value))
		last = p
	}
	c.path(points)
	c.scores(r.Curve, &x, &y)
	c.text("faint middle", (edge+width-40)/2, y.from+36, "false alerts a day, of any severity")
	return c.end()
}

func same(a, b evaluate.Point) bool {
	return a.Alerts.Count == b.Alerts.Count && a.Recall.Hits == b.Recall.Hits
}

// scores marks some points of the curve with the score that they are for, unless they lie on one another.
func (c *canvas) scores(points []evaluate.Point, x, y *axis) {
	const apart = 26
	type place struct{ x, y float64 }
	var taken []place
	for _, p := range points {
		if int(p.Score)%10 != 0 {
			continue
		}
		at := place{x.at(p.Alerts.PerDay), y.at(p.Recall.Value)}
		free := true
		for _, t := range taken {
			free = free && (abs(t.x-at.x) > apart || abs(t.y-at.y) > apart)
		}
		if !free {
			continue
		}
		taken = append(taken, at)
		c.whisker(at.x, y, p.Recall)
		c.dot(at.x, at.y)
		c.text("ink", at.x+8, at.y+16, fmt.Sprint(p.Score))
	}
}

func (c *canvas) whisker(x float64, y *axis, s interval.Share) {
	c.line("range", x, y.at(s.Low), x, y.at(s.High))
}

func abs(v float64) float64 { return max(v, -v) }
