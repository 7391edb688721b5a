package dynamodb

import (
	"crypto/sha256"
	"encoding/json"
	"time"

	"example.com/localcloud/journal"
	"example.com/localcloud/wire"
)

// tokenLife is how long a client token makes a transaction idempotent.
const tokenLife = 10 * time.Minute

// claim is a transaction with a client token. SDKs give every transaction one.
type claim struct {
	token   string
	request [sha256.Size]byte
	at      time.Time
}

func newClaim(in *TransactWriteItemsInput) claim {
	if in.ClientRequestToken == nil {
		return claim{at: time.Now()}
	}
	text, _ := json.Marshal(in.TransactItems) // it was decoded from JSON, so this cannot fail
	return claim{*in.ClientRequestToken, sha256.Sum256(text), time.Now()}
}

// claims holds the transactions of the last ten minutes, by token and in order of time.
type claims struct {
	journal *journal.Journal
	byToken map[string]*claim
	oldest  []*claim
}

// done reports whether a transaction has already been done.
func (c *claims) done(now claim) (bool, error) {
	for len(c.oldest) > 0 && now.at.Sub(c.oldest[0].at) >= tokenLife {
		delete(c.byToken, c.oldest[0].token)
		c.journal.Delete(kindClaim, c.oldest[0].token)
		c.oldest[0], c.oldest = nil, c.oldest[1:]
	}
	earlier, ok := c.byToken[now.token]
	if ok && earlier.request != now.request {
		return false, wire.Errorf(codeMismatch, "The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical")
	}
	return ok, nil
}

// keep remembers a transaction that has been done.
func (c *claims) keep(now claim) {
	if now.token == "" {
		return
	}
	if c.byToken == nil {
		c.byToken = map[string]*claim{}
	}
	c.byToken[now.token] = &now
	c.oldest = append(c.oldest, &now)
}
