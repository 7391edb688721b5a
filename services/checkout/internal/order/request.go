package order

import (
	"fmt"
	"net/mail"
	"strings"
)

// The limits of one order.
const (
	MaxLines    = 50
	MaxQuantity = 100 // pieces per line
	maxText     = 200 // bytes of a free text
)

// Request is an order as a customer sends it: without prices and IDs.
type Request struct {
	CustomerID string `json:"customerId"`
	Email      string `json:"email"`
	Region     string `json:"region"`
	CardToken  string `json:"cardToken"`
	Lines      []Line `json:"lines"`
}

// Line is a line of an order: some pieces of one product.
type Line struct {
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// Problem is one error in a request.
type Problem struct {
	Field  string `json:"field"` // JSON pointer: "/lines/0/quantity"
	Detail string `json:"detail"`
}

// InvalidError lists all errors in a request.
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

// validate returns every problem that can be found without the catalogue.
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
		p.require(!seen[line.SKU], place+"/sku", "%q appears in two lines: add up the quantities", line.SKU)
		seen[line.SKU] = true
	}
	return p
}

func (p *problems) text(value, field string) {
	p.require(value != "" && len(value) <= maxText, field, "must be a text of 1 to %d bytes", maxText)
}
