// Reads buildkitd.toml into BuildKit's own types, and refuses what they do not have.
package main

import (
	"fmt"
	"os"

	"github.com/moby/buildkit/cmd/buildkitd/config"
	"github.com/pelletier/go-toml/v2"
)

func main() {
	for _, name := range os.Args[1:] {
		file, err := os.Open(name)
		if err == nil {
			err = toml.NewDecoder(file).DisallowUnknownFields().Decode(&config.Config{})
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			os.Exit(1)
		}
	}
}
