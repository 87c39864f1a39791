{{- define "parlance.redisEgress" -}}
{{- if .Values.redis.enabled }}
- to: [{ podSelector: { matchLabels: { app.kubernetes.io/instance: {{ .Release.Name }}, app.kubernetes.io/component: redis } } }]
  ports: [{ port: 6379, protocol: TCP }]
{{- else }}
- ports:
    {{- range .Values.external.redis.nodes }}
    - { port: {{ splitList ":" . | last }}, protocol: TCP }
    {{- end }}
{{- end }}
{{- end -}}

{{- /* Takes a list of the root and whether the members are reached too. */ -}}
{{- define "parlance.mongoEgress" -}}
{{- $root := index . 0 }}
{{- if $root.Values.mongodb.enabled }}
- to: [{ podSelector: { matchLabels: { app.kubernetes.io/instance: {{ $root.Release.Name }}, app.kubernetes.io/component: mongodb-router } } }]
  ports: [{ port: 27017, protocol: TCP }]
{{- if index . 1 }}
- to: [{ podSelector: { matchLabels: { app.kubernetes.io/instance: {{ $root.Release.Name }}, app.kubernetes.io/component: mongodb } } }]
  ports: [{ port: 27018, protocol: TCP }, { port: 27019, protocol: TCP }]
{{- end }}
{{- else }}
# Where an external MongoDB is, only its connection string says.
- ports: [{ port: 27015, endPort: 27019, protocol: TCP }]
{{- end }}
{{- end -}}

{{- define "parlance.externalEgress" -}}
{{- with .Values.networkPolicy.externalPorts }}
- ports:
    {{- range . }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
{{- end }}
{{- end -}}
