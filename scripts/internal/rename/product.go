package rename

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// maxProduct is the maximum length of a product name: AWS limits the names that begin with it to 64 characters.
const maxProduct = 16

var validProduct = regexp.MustCompile(`^[a-z]+[a-z0-9]*(-[a-z0-9]+)*$`)

// CheckProduct returns an error if name can't be a product name. It applies the rules of Terraform's variable project
// and of database names.
func CheckProduct(name string) error {
	if len(name) < 2 || len(name) > maxProduct || !validProduct.MatchString(name) {
		return fmt.Errorf("%q is not a valid product name: use 2 to %d lower-case letters and digits, with single dashes between them, and begin with a letter, because it begins the names of all resources on AWS", name, maxProduct)
	}
	return nil
}

// The places that declare the product's name: one in Go, and two in Terraform, because its second module is applied
// before the first can be.
const goPlace = "scripts/internal/stack/declared.go"

var (
	terraformPlaces = []string{"terraform/variables.tf", "terraform/bootstrap/variables.tf"}

	goProduct        = regexp.MustCompile(`(Project += ")([a-z0-9-]+)(")`)
	terraformProduct = regexp.MustCompile(`(variable "project" \{(?:\n\s+[^\n}]*)*?\n\s+default\s+= ")([a-z0-9-]+)(")`)
)

// ProductName returns the product name of a checkout.
func ProductName(root string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, goPlace))
	if err != nil {
		return "", fmt.Errorf("read the product name: %w", err)
	}
	found := goProduct.FindSubmatch(text)
	if found == nil {
		return "", fmt.Errorf("read the product name: %s declares no Project", goPlace)
	}
	return string(found[2]), nil
}

// Product renames the product of the checkout at root and returns the changed files: the declarations in Go and
// Terraform, and the names of resources in documentation.
func Product(root, to string) (changed []string, err error) {
	if err := CheckProduct(to); err != nil {
		return nil, err
	}
	from, err := ProductName(root)
	if err != nil || from == to {
		return nil, err
	}
	for _, place := range append([]string{goPlace}, terraformPlaces...) {
		written, err := declare(root, place, to)
		if err != nil {
			return changed, err
		}
		if written {
			changed = append(changed, place)
		}
	}
	files, err := textFiles(root)
	if err != nil {
		return changed, err
	}
	for _, f := range files {
		if path.Ext(f.name) != ".md" {
			continue
		}
		written, err := f.write(root, []byte(page(string(f.text), from, to)))
		if err != nil {
			return changed, err
		}
		if written {
			changed = append(changed, f.name)
		}
	}
	slices.Sort(changed)
	return changed, nil
}

// declare writes the name to a place that declares it. The Terraform code may have been deleted.
func declare(root, place, to string) (changed bool, err error) {
	name, pattern := filepath.Join(root, place), terraformProduct
	if place == goPlace {
		pattern = goProduct
	}
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) && place != goPlace {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("rename the product: %w", err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return false, fmt.Errorf("rename the product: %w", err)
	}
	if !pattern.Match(text) {
		return false, fmt.Errorf("rename the product: %s does not declare it as %s", place, pattern)
	}
	f := textFile{name: place, mode: info.Mode().Perm(), text: text}
	return f.write(root, pattern.ReplaceAll(text, []byte("${1}"+to+"${3}")))
}

// environments are the words that may follow the product name in resource names in documentation.
const environments = "dev|prod|local|staging|terraform"

// page returns a page's text with the new product name: in resource names (troupe-dev-billing, /troupe/dev/billing)
// and as an input's default in a table.
func page(text, from, to string) string {
	resource := regexp.MustCompile(`(^|[^A-Za-z0-9.-])` + regexp.QuoteMeta(from) + `([-/](?:` + environments + `)\b)`)
	text = resource.ReplaceAllString(text, "${1}"+to+"${2}")
	return strings.ReplaceAll(text, "| `\""+from+"\"` |", "| `\""+to+"\"` |")
}
