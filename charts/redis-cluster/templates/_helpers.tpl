{{- define "redis-cluster.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "redis-cluster.selector" -}}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: redis
{{- end -}}

{{- define "redis-cluster.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: parlance
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "redis-cluster.service" -}}
{{ include "redis-cluster.fullname" . }}-nodes
{{- end -}}

{{- define "redis-cluster.host" -}}
{{ include "redis-cluster.service" . }}.{{ .Release.Namespace }}.svc.{{ .Values.global.clusterDomain }}
{{- end -}}

{{- define "redis-cluster.jobsImage" -}}
{{- .Values.jobs.image.name | default (printf "%s/parlance-jobs:%s" .Values.global.imageRegistry (.Values.global.imageTag | default .Chart.AppVersion)) -}}
{{- end -}}

{{- define "redis-cluster.nodes" -}}
{{ mul (int .Values.masters) (add 1 (int .Values.replicasPerMaster)) }}
{{- end -}}

{{- define "redis-cluster.secret" -}}
{{ tpl .Values.auth.existingSecret . }}
{{- end -}}

{{- /* Every fault of the values at once. */ -}}
{{- define "redis-cluster.validate" -}}
{{- $faults := list -}}
{{- if and .Values.auth.enabled (not .Values.auth.existingSecret) -}}
{{- $faults = append $faults "auth.existingSecret: name the Secret with the password, or set auth.enabled to false" -}}
{{- end -}}
{{- if and .Values.pdb.enabled (ge (int .Values.pdb.maxUnavailable) (int .Values.masters)) -}}
{{- $faults = append $faults "pdb.maxUnavailable: must be less than masters, or an eviction may take the cluster away" -}}
{{- end -}}
{{- if $faults -}}
{{- fail (printf "\n\n%s: the values are wrong:\n  - %s\n" .Chart.Name (join "\n  - " $faults)) -}}
{{- end -}}
{{- end -}}

{{- define "redis-cluster.jobPod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.global.imagePullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "redis-cluster.jobContainer" -}}
image: {{ include "redis-cluster.jobsImage" . }}
imagePullPolicy: {{ .Values.global.imagePullPolicy }}
env:
  - { name: REDIS_NODES, value: "{{ include "redis-cluster.host" . }}:6379" }
  {{- if .Values.auth.enabled }}
  - name: REDIS_PASSWORD
    valueFrom: { secretKeyRef: { name: {{ include "redis-cluster.secret" . }}, key: {{ .Values.auth.passwordKey }} } }
  {{- end }}
resources: {{ toYaml .Values.jobs.resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end -}}
