{{ define "body" -}}
name: {{ include "full" . }}
{{- /* a comment */ -}}
{{ range $n, $item := .Values.list }}
{{- if eq $item "b" }}{{ continue }}{{ end }}
{{- if eq $item "d" }}{{ break }}{{ end }}
item{{ $n }}: {{ $item }}
{{- end }}
{{- range $key, $value := .Values.map }}
{{ $key }}: {{ $value }}
{{- end }}
{{- range .Values.empty }}
never: {{ . }}
{{- else }}
none: true
{{- end }}
{{- with .Values.map.m }}
x: {{ .x }}
root: {{ $.Values.name }}
{{- else with .Values.list }}
no: {{ . }}
{{- end }}
{{- $total := 0 }}
{{- range until (int .Values.count) }}{{ $total = add $total . }}{{ end }}
total: {{ $total }}
{{- if and .Values.nothing .Values.name }}
both: true
{{- else if or .Values.nothing .Values.name }}
either: {{ or .Values.nothing .Values.name }}
{{- end }}
missing: "{{ .Values.missing }}{{ (.Values.nothing).deeper }}"
block: {{ template "blocked" .Values.name }}
args: {{ template "args" (list "x" 1) }}
tpl: {{ tpl "{{ .Values.name | upper }}{{ define \"in\" }}in{{ end }}{{ include \"in\" . }}" . }}
raw: {{ `{{ kept }}` }}
quoted: {{ "a\tb" | quote }} {{ 'x' }} {{ 0x1F }} {{ 1e3 }} {{ 0x1p4 }}
range: {{ range 3 }}{{ . }}{{ end }}
last: {{ (index .Values.list 3) }}
path: {{ .Template.Name }} {{ .Template.BasePath }}
{{ end }}
