// Says where containerd would ask for images of a registry, from its folder of hosts.toml files.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/containerd/containerd/v2/core/remotes/docker"
	"github.com/containerd/containerd/v2/core/remotes/docker/config"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: registry-hosts FOLDER REGISTRY")
		os.Exit(2)
	}
	options := config.HostOptions{HostDir: config.HostDirFromRoot(os.Args[1])}
	hosts, err := config.ConfigureHosts(context.Background(), options)(os.Args[2])
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s of %s: %v\n", os.Args[2], os.Args[1], err)
		os.Exit(1)
	}
	for _, host := range hosts {
		fmt.Printf("%s://%s%s pull=%t push=%t\n", host.Scheme, host.Host, host.Path,
			host.Capabilities.Has(docker.HostCapabilityPull), host.Capabilities.Has(docker.HostCapabilityPush))
	}
}
