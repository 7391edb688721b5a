// Package opening contains the stock before the first order.
package opening

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed opening.json
var document []byte

// Stock returns the embedded opening stock, by SKU.
func Stock() (map[string]int, error) {
	var pieces map[string]int
	if err := json.Unmarshal(document, &pieces); err != nil {
		return nil, fmt.Errorf("read opening.json: %w", err)
	}
	return pieces, nil
}
