package main

import (
	"context"
	"fmt"
	"time"

	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/trace"
	"example.com/troupe/scripts/lab/bench/null"
)

const (
	customers = 16              // that order at once
	patience  = 2 * time.Minute // for a measurement of the dance
)

// dance measures how many orders a second go through all six services, as processes, from the request to the
// shipment and the last notification.
func (r *session) dance(ctx context.Context) (err error) {
	ended := &endings{}
	s, err := stack.Start(ctx, stack.Options{Root: r.root, Log: r.problems, Steps: &trace.Collector{OnStep: ended.step}})
	if err != nil {
		return err
	}
	defer func() {
		if closing := s.Close(); err == nil {
			err = closing
		}
	}()
	shop := newShop(s.API)
	if _, err := r.orders(ctx, shop, ended, r.scale.orders); err != nil { // the functions start
		return fmt.Errorf("warm up: %w", err)
	}
	ceiling, err := startNull(ctx, r.folder, null.Script{Answers: map[string]null.Answer{"": shop.answer}})
	if err != nil {
		return err
	}
	defer func() { err = ceiling.stop(err) }()
	var rates, ceilings sample
	for i := range r.scale.repeats {
		r.progress("dance: %d of %d", i+1, r.scale.repeats)
		rate, err := r.orders(ctx, shop, ended, r.scale.orders)
		if err != nil {
			return err
		}
		rates = append(rates, rate)
		if rate, err = r.orders(ctx, newShop(ceiling.endpoint), nil, r.scale.orders); err != nil {
			return err
		}
		ceilings = append(ceilings, rate)
	}
	r.report.dance(rates, ceilings)
	return shop.check(ctx)
}

// orders places n orders and waits until they have ended; endings are nil where there is nothing behind
// the API. It returns the orders a second.
func (r *session) orders(ctx context.Context, shop *shop, ended *endings, n int) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done := ended.expect(n)
	began := time.Now()
	if err := spread(ctx, customers, n, shop.order); err != nil {
		return 0, err
	}
	select {
	case <-done:
		return float64(n) / time.Since(began).Seconds(), nil
	case <-ctx.Done():
		return 0, fmt.Errorf("%s of the orders have ended: %w", ended, ctx.Err())
	}
}
