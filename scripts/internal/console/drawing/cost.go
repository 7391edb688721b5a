package drawing

import (
	"fmt"
	"math"
	"slices"

	"example.com/troupe/scripts/internal/cost"
)

// Dimensions of a picture of costs, in pixels.
const (
	costLabel  = 190 // left of the bars
	costFigure = 90  // right of them
	costRow    = 26
	costBar    = 16
	costTones  = 8 // how many products have a colour of their own

	tickWidth = 6 // of a character of a tick

	limitsShown = 7
)

// Cost draws what a million executions cost, by service and product, and the limits that are reached first. A standalone
// drawing has a heading.
func Cost(r *cost.Report, width float64, alone bool) string {
	limits := r.Limits[:min(len(r.Limits), limitsShown)]
	top := 8.0
	if alone {
		top = 44
	}
	c := &canvas{}
	services := r.Usage.Names()
	c.begin(width, top+float64(len(services)+len(limits))*costRow+116, costHeading(r), alone)
	if alone {
		c.write(16, 28, "heading", costHeading(r))
	}
	c.open("g", attributes{"class", "cost"})
	y := c.bars(r, services, width, top)
	c.limits(limits, r.Rate, width, y+30)
	c.close("g")
	return c.end()
}

func costHeading(r *cost.Report) string {
	return fmt.Sprintf("A million executions: %s in %s; a month at %s a second: %s", cost.Dollars(cost.Sum(r.Million)), r.Region, cost.Figure(r.Rate), cost.Dollars(r.Month))
}

// bars draws a bar for each service, with a part for each product, and the legend.
func (c *canvas) bars(r *cost.Report, services []string, width, y float64) (below float64) {
	products := cost.Products(r.Million)
	most := 0.0
	for _, service := range services {
		most = max(most, cost.SumOf(r.Million, service, ""))
	}
	scale := (width - costLabel - costFigure) / max(most, 1e-9)
	for _, service := range services {
		name := service
		if name == cost.Shared {
			name = cost.SharedName
		}
		c.write(16, y+costBar-3, "name", name)
		x := float64(costLabel)
		for i, product := range products {
			part := cost.SumOf(r.Million, service, product) * scale
			if part <= 0 {
				continue
			}
			c.open("rect", attributes{"class", tone(i), "x", x, "y", y, "width", part, "height", float64(costBar)})
			c.title(fmt.Sprintf("%s, %s: %s", name, product, cost.Dollars(cost.SumOf(r.Million, service, product))))
			c.close("rect")
			x += part
		}
		c.write(x+8, y+costBar-3, "figure", cost.Dollars(cost.SumOf(r.Million, service, "")))
		y += costRow
	}
	x := float64(costLabel)
	for i, product := range products {
		room := 30 + 8*float64(len(product))
		if x+room > width {
			x, y = costLabel, y+20
		}
		c.element("rect", attributes{"class", tone(i), "x", x, "y", y + 4, "width", 11.0, "height", 11.0})
		c.write(x+16, y+14, "tick", product)
		x += room
	}
	return y + 20
}

// tone is the class of a product's colour. The products with the least sums share the last.
func tone(i int) string { return fmt.Sprintf("product p%d", min(i, costTones-1)) }

// limits draws the rates at which limits are reached, on a logarithmic axis, with a line at the report's rate.
func (c *canvas) limits(limits []cost.Limit, rate, width, y float64) {
	if len(limits) == 0 {
		return
	}
	c.write(16, y, "name", "Where it breaks first: executions a second")
	highest := max(rate, slices.MaxFunc(limits, func(a, b cost.Limit) int { return int(math.Copysign(1, a.Rate-b.Rate)) }).Rate) * 1.5
	lowest := min(rate, limits[0].Rate) / 2
	left := float64(costLabel)
	at := func(n float64) float64 {
		return (width - left - costFigure) * math.Log(n/lowest) / math.Log(highest/lowest)
	}
	y += 16
	for _, l := range limits {
		class := "limit " + l.Effect
		c.open("rect", attributes{"class", class, "x", left, "y", y, "width", max(2, at(l.Rate)), "height", float64(costBar)})
		c.title(fmt.Sprintf("%s: %g %s; %s", l.Where, l.Value, l.Name, l.Then))
		c.close("rect")
		c.write(16, y+costBar-3, "small", fit(l.Where, left-24, 11))
		c.write(left+8, y+costBar-4, "tick limit-name", l.Name)
		c.write(left+max(at(l.Rate), 8+tickWidth*float64(len(l.Name)))+8, y+costBar-3, "figure", fmt.Sprintf("%.0f", l.Rate))
		y += costRow
	}
	x := left + at(rate)
	c.element("path", attributes{"class", "rate", "d", fmt.Sprintf("M%g %gV%g", x, y-float64(len(limits))*costRow-6, y)})
	c.write(x+4, y+10, "tick", cost.Figure(rate)+" a second")
}
