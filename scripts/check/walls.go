package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// pkg is a package as go list describes it. Imports are those of its production code. Paths inside the repository are
// relative: "./events/bus".
type pkg struct {
	ImportPath string
	Imports    []string
}

// wall is a rule about what certain packages may import.
type wall struct {
	why   string
	holds func(p pkg) bool                  // reports whether the rule applies to the package
	lets  func(p pkg, imported string) bool // reports whether the rule allows the import
}

// allWalls are the rules in the README's picture of who may import whom.
var allWalls = []wall{
	{
		"the contract imports nothing but the standard library, so that any domain may import it",
		func(p pkg) bool { return p.is("./events") || p.under("./events") && !p.contractTool() },
		func(_ pkg, imported string) bool { return imported == "./events" || standard(imported) },
	},
	{
		"what belongs to the contract knows neither services nor scripts",
		func(p pkg) bool { return p.under("./events") },
		func(_ pkg, imported string) bool {
			return !within(imported, "./services") && !within(imported, "./scripts")
		},
	},
	{
		"a service is deployed without the scripts",
		func(p pkg) bool { return p.under("./services") },
		func(_ pkg, imported string) bool { return !within(imported, "./scripts") },
	},
	{
		"services know each other by their events only", // services/invariants examines all of them from outside
		func(p pkg) bool { return p.under("./services") },
		func(p pkg, imported string) bool {
			return !within(imported, "./services") || p.service() == service(imported) || service(imported) == "kit" || p.service() == "invariants"
		},
	},
	{
		"a domain knows events and a unit of work; no AWS, no SQL, no HTTP",
		pkg.domain,
		func(p pkg, imported string) bool {
			inside := within(imported, "./events") || imported == "./services/kit/eventing" || within(imported, "./services/"+p.service())
			return inside || standard(imported) && imported != "net/http" && imported != "database/sql"
		},
	},
	{
		"units of work and HTTP need no AWS",
		func(p pkg) bool {
			return slices.Contains([]string{"./services/kit/eventing", "./services/kit/inbox", "./services/kit/unit", "./services/kit/web"}, p.ImportPath)
		},
		func(_ pkg, imported string) bool { return !strings.HasPrefix(imported, "github.com/aws/") },
	},
	{
		"scripts read and build services, and import none",
		func(p pkg) bool { return p.under("./scripts") },
		func(_ pkg, imported string) bool { return !within(imported, "./services") },
	},
}

// walls returns an error that lists every forbidden import.
func walls(ctx context.Context) error {
	listed, err := output(ctx, "go", "list", "-json=ImportPath,Imports", "./...")
	if err != nil {
		return err
	}
	module, err := output(ctx, "go", "list", "-m")
	if err != nil {
		return err
	}
	packages, err := decodePackages(strings.NewReader(listed), strings.TrimSpace(module))
	if err != nil {
		return err
	}
	if breaches := breachesOf(packages); len(breaches) > 0 {
		return errors.New(strings.Join(breaches, "\n"))
	}
	return nil
}

// decodePackages decodes the output of go list. It makes paths inside the module relative.
func decodePackages(r io.Reader, module string) ([]pkg, error) {
	var packages []pkg
	for decoder := json.NewDecoder(r); ; {
		var p pkg
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return packages, nil
		case err != nil:
			return nil, fmt.Errorf("read go list: %w", err)
		}
		p.ImportPath = relative(p.ImportPath, module)
		for i := range p.Imports {
			p.Imports[i] = relative(p.Imports[i], module)
		}
		packages = append(packages, p)
	}
}

func breachesOf(packages []pkg) (breaches []string) {
	for _, p := range packages {
		for _, w := range allWalls {
			for _, imported := range p.Imports {
				if w.holds(p) && !w.lets(p, imported) {
					breaches = append(breaches, fmt.Sprintf("%s imports %s: %s", p.ImportPath, imported, w.why))
				}
			}
		}
	}
	return breaches
}

func relative(path, module string) string {
	if rest, ours := strings.CutPrefix(path, module); ours && (rest == "" || rest[0] == '/') {
		return "." + rest
	}
	return path
}

func (p pkg) is(path string) bool    { return p.ImportPath == path }
func (p pkg) under(path string) bool { return strings.HasPrefix(p.ImportPath, path+"/") }
func (p pkg) service() string        { return service(p.ImportPath) }

// contractTool reports whether a package below events is for tools rather than for domains.
func (p pkg) contractTool() bool {
	return slices.Contains([]string{"./events/bus", "./events/manifest", "./events/schema"}, p.ImportPath)
}

// domain reports whether a package is a service's domain rather than one of its drivers. A domain uses the unit of
// work, and neither the host nor HTTP.
func (p pkg) domain() bool {
	return strings.HasPrefix(p.ImportPath, "./services/"+p.service()+"/internal/") && p.service() != "kit" &&
		slices.Contains(p.Imports, "./services/kit/eventing") &&
		!slices.Contains(p.Imports, "./services/kit/host") && !slices.Contains(p.Imports, "./services/kit/web")
}

// service returns the service's folder that contains a package.
func service(path string) string {
	rest, _ := strings.CutPrefix(path, "./services/")
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func within(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, folder+"/")
}

// standard reports whether a path is in the standard library: its first element has no dot.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}
