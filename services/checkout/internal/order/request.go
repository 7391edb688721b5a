package order

import (
	"fmt"
	"net/mail"
	"strings"
)

// The most that one order may hold.
const (
	MaxLines    = 50
	MaxQuantity = 100 // pieces a line
	maxText     = 200 // bytes of a free text
)

// Request is an order as a customer asks for it: no prices, no ids.
type Request struct {
	CustomerID string `json:"customerId"`
	Email      string `json:"email"`
	Region     string `json:"region"`
	CardToken  string `json:"cardToken"`
	Lines      []Line `json:"lines"`
}

// Line asks for some pieces of one product.
type Line struct {
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// Problem is one thing that is wrong with a request.
type Problem struct {
	Field  string `json:"field"` // JSON pointer: "/lines/0/quantity"
	Detail string `json:"detail"`
}

// InvalidError lists all that is wrong with a request.
type InvalidError struct {
	Problems []Problem
}

func (e *InvalidError) Error() string {
	parts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		parts[i] = p.Field + ": " + p.Detail
	}
	return "invalid order: " + strings.Join(parts, "; ")
}

type problems []Problem

func (p *problems) require(ok bool, field, detail string, args ...any) {
	if !ok {
		*p = append(*p, Problem{Field: field, Detail: fmt.Sprintf(detail, args...)})
	}
}

// validate reports every problem that can be seen without the catalogue.
func (r Request) validate() problems {
	var p problems
	p.text(r.CustomerID, "/customerId")
	p.text(r.CardToken, "/cardToken")
	address, err := mail.ParseAddress(r.Email)
	p.require(err == nil && address.Address == r.Email && len(r.Email) <= maxText, "/email", "must be an e-mail address")
	p.require(len(r.Lines) >= 1 && len(r.Lines) <= MaxLines, "/lines", "must hold 1 to %d lines", MaxLines)
	seen := map[string]bool{}
	for i, line := range r.Lines {
		place := fmt.Sprintf("/lines/%d", i)
		p.require(line.Quantity >= 1 && line.Quantity <= MaxQuantity, place+"/quantity", "must be 1 to %d", MaxQuantity)
		p.require(!seen[line.SKU], place+"/sku", "%q stands in two lines: add the quantities up", line.SKU)
		seen[line.SKU] = true
	}
	return p
}

func (p *problems) text(value, field string) {
	p.require(value != "" && len(value) <= maxText, field, "must be a text of 1 to %d bytes", maxText)
}
