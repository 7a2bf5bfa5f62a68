// Stands in for the AWS provider: it knows what that one knows of its resources (the file in AWS_SCHEMA), and makes nothing.
// What AWS would say of a thing is made up, the same for the same thing.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"sort"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type attribute struct {
	Type     json.RawMessage
	Given    bool
	Required bool
}

type block struct {
	Nesting    string
	Min, Max   int64
	Attributes map[string]attribute
	Blocks     map[string]block
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

func (b block) schema() *tfprotov6.SchemaBlock {
	made := &tfprotov6.SchemaBlock{}
	for _, name := range sorted(b.Attributes) {
		a := b.Attributes[name]
		kind, err := tftypes.ParseJSONType(a.Type)
		if err != nil {
			log.Fatalf("%s: %v", name, err)
		}
		made.Attributes = append(made.Attributes, &tfprotov6.SchemaAttribute{
			Name: name, Type: kind, Required: a.Required, Optional: a.Given && !a.Required, Computed: !a.Required,
		})
	}
	for _, name := range sorted(b.Blocks) {
		inner := b.Blocks[name]
		nesting := map[string]tfprotov6.SchemaNestedBlockNestingMode{
			"list":   tfprotov6.SchemaNestedBlockNestingModeList,
			"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
			"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
		}[inner.Nesting]
		made.BlockTypes = append(made.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name, Block: inner.schema(), Nesting: nesting, MinItems: inner.Min, MaxItems: inner.Max,
		})
	}
	return made
}

// Goes over the attributes of a value, and of its blocks: what is nobody's to give and is not there yet is found out.
func (b block) walk(value tftypes.Value, found func(name string, kind tftypes.Type) tftypes.Value) tftypes.Value {
	fields := map[string]tftypes.Value{}
	if err := value.As(&fields); err != nil || value.IsNull() {
		return value
	}
	for name, a := range b.Attributes {
		if field := fields[name]; !a.Required && (field.IsNull() || !field.IsKnown()) {
			fields[name] = found(name, field.Type())
		}
	}
	for name, inner := range b.Blocks {
		if inner.Nesting == "single" || !fields[name].IsKnown() || fields[name].IsNull() {
			continue
		}
		var items []tftypes.Value
		if err := fields[name].As(&items); err != nil {
			log.Fatal(err)
		}
		for index := range items {
			items[index] = inner.walk(items[index], found)
		}
		fields[name] = tftypes.NewValue(fields[name].Type(), items)
	}
	return tftypes.NewValue(value.Type(), fields)
}

func unknown(_ string, kind tftypes.Type) tftypes.Value {
	return tftypes.NewValue(kind, tftypes.UnknownValue)
}

// What AWS would say.
func answer(of string) func(string, tftypes.Type) tftypes.Value {
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(of)))[:17]
	var say func(string, tftypes.Type) tftypes.Value
	say = func(name string, kind tftypes.Type) tftypes.Value {
		switch t := kind.(type) {
		case tftypes.List:
			if _, ok := t.ElementType.(tftypes.Object); ok {
				return tftypes.NewValue(t, []tftypes.Value{say(name, t.ElementType)})
			}
			return tftypes.NewValue(t, []tftypes.Value{})
		case tftypes.Set:
			return tftypes.NewValue(t, []tftypes.Value{})
		case tftypes.Map:
			return tftypes.NewValue(t, map[string]tftypes.Value{})
		case tftypes.Object:
			fields := map[string]tftypes.Value{}
			for field, kind := range t.AttributeTypes {
				fields[field] = say(field, kind)
			}
			return tftypes.NewValue(t, fields)
		}
		switch {
		case kind.Is(tftypes.Number):
			return tftypes.NewValue(kind, 1)
		case kind.Is(tftypes.Bool):
			return tftypes.NewValue(kind, false)
		}
		text := map[string]string{
			"arn":       "arn:aws:service:region:111122223333:thing/" + sum,
			"endpoint":  "https://" + sum + ".example.com",
			"issuer":    "https://" + sum + ".example.com/id/" + sum,
			"dns_name":  sum + ".example.com",
			"data":      "bm8gc2VjcmV0",
			"partition": "aws",
		}[name]
		if text == "" {
			text = name + "-" + sum
		}
		return tftypes.NewValue(kind, text)
	}
	return say
}

type provider struct {
	tfprotov6.ProviderServer
	resources, data map[string]block
}

func (p provider) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	return nil, fmt.Errorf("not here")
}

func (p provider) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	own := block{
		Attributes: map[string]attribute{"region": {Type: json.RawMessage(`"string"`), Given: true}},
		Blocks: map[string]block{"default_tags": {Nesting: "list", Max: 1, Attributes: map[string]attribute{
			"tags": {Type: json.RawMessage(`["map", "string"]`), Given: true},
		}}},
	}
	// Of a provider nothing is found out.
	provided := own.schema()
	provided.Attributes[0].Computed = false
	provided.BlockTypes[0].Block.Attributes[0].Computed = false
	said := &tfprotov6.GetProviderSchemaResponse{
		Provider:          &tfprotov6.Schema{Block: provided},
		ResourceSchemas:   map[string]*tfprotov6.Schema{},
		DataSourceSchemas: map[string]*tfprotov6.Schema{},
	}
	for name, b := range p.resources {
		said.ResourceSchemas[name] = &tfprotov6.Schema{Block: b.schema()}
	}
	for name, b := range p.data {
		said.DataSourceSchemas[name] = &tfprotov6.Schema{Block: b.schema()}
	}
	return said, nil
}

func (p provider) ValidateProviderConfig(_ context.Context, r *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: r.Config}, nil
}

func (p provider) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (p provider) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (p provider) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (p provider) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (p provider) UpgradeResourceState(_ context.Context, r *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	value, err := r.RawState.Unmarshal(p.resources[r.TypeName].schema().ValueType())
	if err != nil {
		return nil, err
	}
	state, err := tfprotov6.NewDynamicValue(value.Type(), value)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &state}, err
}

func (p provider) ReadResource(_ context.Context, r *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: r.CurrentState}, nil
}

// A value of a kind, gone over.
func through(b block, given *tfprotov6.DynamicValue, found func(tftypes.Value) func(string, tftypes.Type) tftypes.Value) (*tfprotov6.DynamicValue, error) {
	kind := b.schema().ValueType()
	value, err := given.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	made, err := tfprotov6.NewDynamicValue(kind, b.walk(value, found(value)))
	return &made, err
}

func (p provider) PlanResourceChange(_ context.Context, r *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	planned, err := through(p.resources[r.TypeName], r.ProposedNewState, func(tftypes.Value) func(string, tftypes.Type) tftypes.Value { return unknown })
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: planned}, err
}

func (p provider) ApplyResourceChange(_ context.Context, r *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	state, err := through(p.resources[r.TypeName], r.PlannedState, func(value tftypes.Value) func(string, tftypes.Type) tftypes.Value {
		return answer(r.TypeName + value.String())
	})
	return &tfprotov6.ApplyResourceChangeResponse{NewState: state}, err
}

func (p provider) ReadDataSource(_ context.Context, r *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	state, err := through(p.data[r.TypeName], r.Config, func(value tftypes.Value) func(string, tftypes.Type) tftypes.Value {
		return answer(r.TypeName + value.String())
	})
	return &tfprotov6.ReadDataSourceResponse{State: state}, err
}

func main() {
	text, err := os.ReadFile(os.Getenv("AWS_SCHEMA"))
	if err != nil {
		log.Fatal(err)
	}
	var all map[string]block
	if err := json.Unmarshal(text, &all); err != nil {
		log.Fatal(err)
	}
	p := provider{resources: map[string]block{}, data: map[string]block{}}
	for name, b := range all {
		if data, ok := strings.CutPrefix(name, "data."); ok {
			p.data[data] = b
		} else {
			p.resources[name] = b
		}
	}
	if err := tf6server.Serve("registry.opentofu.org/hashicorp/aws", func() tfprotov6.ProviderServer { return p }); err != nil {
		log.Fatal(err)
	}
}
