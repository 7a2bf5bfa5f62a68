// Reads files of the API server as the API server does, with everything that it refuses.
package main

import (
	"context"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/apis/apiserver"
	"k8s.io/apiserver/pkg/apis/apiserver/install"
	"k8s.io/apiserver/pkg/apis/apiserver/validation"
	"k8s.io/apiserver/pkg/audit/policy"
	"k8s.io/apiserver/pkg/authentication/cel"
	"k8s.io/apiserver/pkg/server/options/encryptionconfig"
)

func authentication(file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	scheme := runtime.NewScheme()
	install.Install(scheme)
	object, err := runtime.Decode(serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDecoder(), data)
	if err != nil {
		return err
	}
	config, ok := object.(*apiserver.AuthenticationConfiguration)
	if !ok {
		return fmt.Errorf("it is a %T", object)
	}
	return validation.ValidateAuthenticationConfiguration(cel.NewDefaultCompiler(), config, nil).ToAggregate()
}

func read(kind, file string) error {
	switch kind {
	case "audit":
		_, err := policy.LoadPolicyFromFile(file)
		return err
	case "authentication":
		return authentication(file)
	case "encryption":
		_, err := encryptionconfig.LoadEncryptionConfig(context.Background(), file, false, "")
		return err
	}
	return fmt.Errorf("there is no kind %s", kind)
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: api-server-file audit|authentication|encryption FILE")
		os.Exit(2)
	}
	if err := read(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", os.Args[2], err)
		os.Exit(1)
	}
}
