package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"example.com/troupe/scripts/internal/settle"
	"example.com/troupe/scripts/internal/trace"
)

func (r *report) writeJSON(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// print draws one execution an order, and says whether all is well and where the time went.
func (r *report) print(out io.Writer) error {
	printer := trace.Printer{Out: out, Colours: trace.Coloured(out)}
	for _, order := range r.Orders {
		title := fmt.Sprintf("%s: %s is %s", order.Name, order.ID, order.State)
		if !order.OK {
			title += ", and should be " + order.Want
		}
		if err := printer.Print(title, order.Execution); err != nil {
			return err
		}
		fmt.Fprintln(out)
	}
	left := unhandled(r.Queues)
	if len(left) == 0 {
		fmt.Fprintln(out, "Every queue and dead-letter queue is empty.")
	} else {
		fmt.Fprintln(out, "These should be empty:\n  "+strings.Join(left, "\n  "))
	}
	_, err := fmt.Fprintln(out, r.times())
	return err
}

func unhandled(queues settle.Report) (left []string) {
	for _, depth := range append(queues.Queues, queues.DeadLetters...) {
		if !depth.Empty() {
			left = append(left, depth.String())
		}
	}
	return left
}

// times says where the time went.
func (r *report) times() string {
	var total time.Duration
	parts := make([]string, len(r.Phases))
	for i, phase := range r.Phases {
		total += phase.Duration
		parts[i] = fmt.Sprintf("%s %.2f s", phase.Name, phase.Duration.Seconds())
	}
	return fmt.Sprintf("%.1f s: %s.", total.Seconds(), strings.Join(parts, ", "))
}
