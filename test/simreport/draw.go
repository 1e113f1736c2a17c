package main

import (
	"fmt"
	"image/color"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

const (
	width  = 8 * vg.Inch
	height = 4.5 * vg.Inch
	points = 400 // of a curve
)

// colours tell logs apart, also for those who do not see all colours (Okabe and Ito).
var colours = []color.Color{
	color.RGBA{R: 0x00, G: 0x72, B: 0xb2, A: 0xff},
	color.RGBA{R: 0xd5, G: 0x5e, B: 0x00, A: 0xff},
	color.RGBA{R: 0x00, G: 0x9e, B: 0x73, A: 0xff},
	color.RGBA{R: 0xcc, G: 0x79, B: 0xa7, A: 0xff},
	color.RGBA{R: 0xe6, G: 0x9f, B: 0x00, A: 0xff},
	color.RGBA{R: 0x56, G: 0xb4, B: 0xe9, A: 0xff},
}

// drawCurves draws the distribution functions of a metric.
func drawCurves(path string, m *metric, all []*shape) error {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = m.title, m.unit, "share of no more than that"
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: 3}
	p.Y.Min, p.Y.Max = 0, 1
	p.Legend.Left, p.Legend.Top = true, true
	p.Add(plotter.NewGrid())
	for i, s := range all {
		values := m.of(s)
		if len(values) == 0 {
			continue
		}
		xy := make(plotter.XYs, points)
		for k := range xy {
			share := float64(k) / (points - 1)
			xy[k].X, xy[k].Y = quantile(values, share), share
		}
		if err := addLine(p, s.name, i, xy); err != nil {
			return err
		}
	}
	return save(p, path)
}

// drawShares draws shares of classes.
func drawShares(path, title string, names []string, all []*shape, of func(*shape) []float64) error {
	p := plot.New()
	p.Title.Text, p.Y.Label.Text = title, "share"
	p.Legend.Top = true
	p.NominalX(names...)
	bar := vg.Points(380 / float64(len(names)*len(all)))
	for i, s := range all {
		bars, err := plotter.NewBarChart(plotter.Values(of(s)), bar)
		if err != nil {
			return fmt.Errorf("drawing %s: %w", title, err)
		}
		bars.Color, bars.LineStyle.Width = colours[i%len(colours)], 0
		bars.Offset = bar * vg.Length(float64(i)-float64(len(all)-1)/2)
		p.Add(bars)
		p.Legend.Add(s.name, bars)
	}
	return save(p, path)
}

func addLine(p *plot.Plot, name string, i int, xy plotter.XYs) error {
	line, err := plotter.NewLine(xy)
	if err != nil {
		return fmt.Errorf("drawing %s: %w", name, err)
	}
	line.Color, line.Width = colours[i%len(colours)], vg.Points(1.6)
	p.Add(line)
	p.Legend.Add(name, line)
	return nil
}

func save(p *plot.Plot, path string) error {
	if err := p.Save(width, height, path); err != nil {
		return fmt.Errorf("writing plot: %w", err)
	}
	return nil
}

func hourNames() []string {
	names := make([]string, 24)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}
