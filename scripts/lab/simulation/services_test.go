package simulation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/kit/invariant"
)

// linked reports that this binary contains the services of its checkout. Package overlay's generated file sets it and
// domain, and calls take.
var linked bool

// domain contains the functions of services/invariants.
var domain struct {
	Check func(*invariant.World) []invariant.Violation
	Reset func()
}

type embed = func(ctx context.Context, getenv func(string) string, cloud aws.Config, options ...host.Option) (*host.Embedded, error)

// program is a service with the parts of its main function.
type program struct {
	*manifest.Manifest
	open  host.Opener // its database; nil if it has none
	embed embed
}

// programs are the checkout's services, sorted by name.
var programs []*program

// take is called with each service before the tests begin.
//
//lint:ignore U1000 the file that is generated for the overlay calls it
func take(declaration []byte, open host.Opener, embed embed) {
	m, err := manifest.Parse("service.json", declaration)
	if err != nil {
		panic(fmt.Sprintf("a service of the checkout: %v", err)) // no test can run with it
	}
	programs = append(programs, &program{m, open, embed})
	slices.SortFunc(programs, func(a, b *program) int { return strings.Compare(a.Name, b.Name) })
}
