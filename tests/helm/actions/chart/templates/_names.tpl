{{- define "full" -}}
{{ .Release.Name }}-{{ .Values.name }}
{{- end -}}
{{ define "again" }}first{{ end }}
{{ define "args" }}{{ index . 0 }}/{{ index . 1 }}{{ end }}
