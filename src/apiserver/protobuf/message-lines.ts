/**
 * The messages of Kubernetes' protobuf that are read, one a line: the number of each field, its name in JSON, and what it is. `[]` is a list, `{}` a
 * map by texts, `=` a message whose fields stand in this one; `!` is said also where it is empty. Numbers and names are those of k8s.io/api v0.34.
 */
export const messageLines = `
AWSElasticBlockStoreVolumeSource: 1 volumeID text!, 2 fsType text, 3 partition number, 4 readOnly flag
Affinity: 1 nodeAffinity NodeAffinity!, 2 podAffinity PodAffinity!, 3 podAntiAffinity PodAntiAffinity!
AppArmorProfile: 1 type text!, 2 localhostProfile text!
AzureDiskVolumeSource: 1 diskName text!, 2 diskURI text!, 3 cachingMode text!, 4 fsType text!, 5 readOnly flag!, 6 kind text!
AzureFileVolumeSource: 1 secretName text!, 2 shareName text!, 3 readOnly flag
CSIVolumeSource: 1 driver text!, 2 readOnly flag!, 3 fsType text!, 4 volumeAttributes {}text, 5 nodePublishSecretRef LocalObjectReference!
Capabilities: 1 add []text, 2 drop []text
CephFSVolumeSource: 1 monitors []text, 2 path text, 3 user text, 4 secretFile text, 5 secretRef LocalObjectReference!, 6 readOnly flag
CinderVolumeSource: 1 volumeID text!, 2 fsType text, 3 readOnly flag, 4 secretRef LocalObjectReference!
ClientIPConfig: 1 timeoutSeconds number!
ClusterTrustBundleProjection: 1 name text!, 2 signerName text!, 3 labelSelector LabelSelector!, 5 optional flag!, 4 path text!
ConfigMap: 1 metadata ObjectMeta, 4 immutable flag!, 2 data {}text, 3 binaryData {}bytes
ConfigMapEnvSource: 1 =LocalObjectReference, 2 optional flag!
ConfigMapKeySelector: 1 =LocalObjectReference, 2 key text!, 3 optional flag!
ConfigMapProjection: 1 =LocalObjectReference, 2 items []KeyToPath, 4 optional flag!
ConfigMapVolumeSource: 1 =LocalObjectReference, 2 items []KeyToPath, 3 defaultMode number!, 4 optional flag!
Container: 1 name text!, 2 image text, 3 command []text, 4 args []text, 5 workingDir text, 6 ports []ContainerPort, 19 envFrom []EnvFromSource, 7 env []EnvVar, 8 resources ResourceRequirements, 23 resizePolicy []ContainerResizePolicy, 24 restartPolicy text!, 25 restartPolicyRules []ContainerRestartRule, 9 volumeMounts []VolumeMount, 21 volumeDevices []VolumeDevice, 10 livenessProbe Probe!, 11 readinessProbe Probe!, 22 startupProbe Probe!, 12 lifecycle Lifecycle!, 13 terminationMessagePath text, 20 terminationMessagePolicy text, 14 imagePullPolicy text, 15 securityContext SecurityContext!, 16 stdin flag, 17 stdinOnce flag, 18 tty flag
ContainerPort: 1 name text, 2 hostPort number, 3 containerPort number!, 4 protocol text, 5 hostIP text
ContainerResizePolicy: 1 resourceName text!, 2 restartPolicy text!
ContainerRestartRule: 1 action text, 2 exitCodes ContainerRestartRuleOnExitCodes!
ContainerRestartRuleOnExitCodes: 1 operator text, 2 values []number
DeleteOptions: 1 gracePeriodSeconds number!, 2 preconditions Preconditions!, 3 orphanDependents flag!, 4 propagationPolicy text!, 5 dryRun []text, 6 ignoreStoreReadErrorWithClusterBreakingPotential flag!
DownwardAPIProjection: 1 items []DownwardAPIVolumeFile
DownwardAPIVolumeFile: 1 path text!, 2 fieldRef ObjectFieldSelector!, 3 resourceFieldRef ResourceFieldSelector!, 4 mode number!
DownwardAPIVolumeSource: 1 items []DownwardAPIVolumeFile, 2 defaultMode number!
EmptyDirVolumeSource: 1 medium text, 2 sizeLimit quantity
EnvFromSource: 1 prefix text, 2 configMapRef ConfigMapEnvSource!, 3 secretRef SecretEnvSource!
EnvVar: 1 name text!, 2 value text, 3 valueFrom EnvVarSource!
EnvVarSource: 1 fieldRef ObjectFieldSelector!, 2 resourceFieldRef ResourceFieldSelector!, 3 configMapKeyRef ConfigMapKeySelector!, 4 secretKeyRef SecretKeySelector!, 5 fileKeyRef FileKeySelector!
EphemeralContainer: 1 =EphemeralContainerCommon, 2 targetContainerName text
EphemeralContainerCommon: 1 name text!, 2 image text, 3 command []text, 4 args []text, 5 workingDir text, 6 ports []ContainerPort, 19 envFrom []EnvFromSource, 7 env []EnvVar, 8 resources ResourceRequirements, 23 resizePolicy []ContainerResizePolicy, 24 restartPolicy text!, 25 restartPolicyRules []ContainerRestartRule, 9 volumeMounts []VolumeMount, 21 volumeDevices []VolumeDevice, 10 livenessProbe Probe!, 11 readinessProbe Probe!, 22 startupProbe Probe!, 12 lifecycle Lifecycle!, 13 terminationMessagePath text, 20 terminationMessagePolicy text, 14 imagePullPolicy text, 15 securityContext SecurityContext!, 16 stdin flag, 17 stdinOnce flag, 18 tty flag
EphemeralVolumeSource: 1 volumeClaimTemplate PersistentVolumeClaimTemplate!
Event: 1 metadata ObjectMeta, 2 involvedObject ObjectReference, 3 reason text, 4 message text, 5 source EventSource, 6 firstTimestamp time, 7 lastTimestamp time, 8 count number, 9 type text, 10 eventTime microTime, 11 series EventSeries!, 12 action text, 13 related ObjectReference!, 14 reportingComponent text!, 15 reportingInstance text!
EventSeries: 1 count number, 2 lastObservedTime microTime
EventSource: 1 component text, 2 host text
Eviction: 1 metadata ObjectMeta, 2 deleteOptions DeleteOptions!
ExecAction: 1 command []text
FCVolumeSource: 1 targetWWNs []text, 2 lun number!, 3 fsType text, 4 readOnly flag, 5 wwids []text
FieldSelectorAttributes: 1 rawSelector text, 2 requirements []FieldSelectorRequirement
FieldSelectorRequirement: 1 key text!, 2 operator text!, 3 values []text
FileKeySelector: 1 volumeName text!, 2 path text!, 3 key text!, 4 optional flag!
FlexVolumeSource: 1 driver text!, 2 fsType text, 3 secretRef LocalObjectReference!, 4 readOnly flag, 5 options {}text
FlockerVolumeSource: 1 datasetName text, 2 datasetUUID text
GCEPersistentDiskVolumeSource: 1 pdName text!, 2 fsType text, 3 partition number, 4 readOnly flag
GRPCAction: 1 port number!, 2 service text!
GitRepoVolumeSource: 1 repository text!, 2 revision text, 3 directory text
GlusterfsVolumeSource: 1 endpoints text!, 2 path text!, 3 readOnly flag
HTTPGetAction: 1 path text, 2 port intOrString, 3 host text, 4 scheme text, 5 httpHeaders []HTTPHeader
HTTPHeader: 1 name text!, 2 value text!
HostAlias: 1 ip text!, 2 hostnames []text
HostPathVolumeSource: 1 path text!, 2 type text!
ISCSIVolumeSource: 1 targetPortal text!, 2 iqn text!, 3 lun number!, 4 iscsiInterface text, 5 fsType text, 6 readOnly flag, 7 portals []text, 8 chapAuthDiscovery flag, 11 chapAuthSession flag, 10 secretRef LocalObjectReference!, 12 initiatorName text!
ImageVolumeSource: 1 reference text, 2 pullPolicy text
KeyToPath: 1 key text!, 2 path text!, 3 mode number!
LabelSelector: 1 matchLabels {}text, 2 matchExpressions []LabelSelectorRequirement
LabelSelectorAttributes: 1 rawSelector text, 2 requirements []LabelSelectorRequirement
LabelSelectorRequirement: 1 key text!, 2 operator text!, 3 values []text
Lifecycle: 1 postStart LifecycleHandler!, 2 preStop LifecycleHandler!, 3 stopSignal text!
LifecycleHandler: 1 exec ExecAction!, 2 httpGet HTTPGetAction!, 3 tcpSocket TCPSocketAction!, 4 sleep SleepAction!
LocalObjectReference: 1 name text
NFSVolumeSource: 1 server text!, 2 path text!, 3 readOnly flag
Namespace: 1 metadata ObjectMeta, 2 spec NamespaceSpec
NamespaceSpec: 1 finalizers []text
NodeAffinity: 1 requiredDuringSchedulingIgnoredDuringExecution NodeSelector!, 2 preferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm
NodeSelector: 1 nodeSelectorTerms []NodeSelectorTerm
NodeSelectorRequirement: 1 key text!, 2 operator text!, 3 values []text
NodeSelectorTerm: 1 matchExpressions []NodeSelectorRequirement, 2 matchFields []NodeSelectorRequirement
NonResourceAttributes: 1 path text, 2 verb text
ObjectFieldSelector: 1 apiVersion text, 2 fieldPath text!
ObjectMeta: 1 name text, 2 generateName text, 3 namespace text, 5 uid text, 6 resourceVersion text, 7 generation number, 8 creationTimestamp time, 9 deletionTimestamp time, 10 deletionGracePeriodSeconds number!, 11 labels {}text, 12 annotations {}text, 13 ownerReferences []OwnerReference, 14 finalizers []text
ObjectReference: 1 kind text, 2 namespace text, 3 name text, 4 uid text, 5 apiVersion text, 6 resourceVersion text, 7 fieldPath text
OwnerReference: 5 apiVersion text!, 1 kind text!, 3 name text!, 4 uid text!, 6 controller flag!, 7 blockOwnerDeletion flag!
PersistentVolumeClaim: 1 metadata ObjectMeta, 2 spec PersistentVolumeClaimSpec
PersistentVolumeClaimSpec: 1 accessModes []text, 4 selector LabelSelector!, 2 resources VolumeResourceRequirements, 3 volumeName text, 5 storageClassName text!, 6 volumeMode text!, 7 dataSource TypedLocalObjectReference!, 8 dataSourceRef TypedObjectReference!, 9 volumeAttributesClassName text!
PersistentVolumeClaimTemplate: 1 metadata ObjectMeta, 2 spec PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource: 1 claimName text!, 2 readOnly flag
PhotonPersistentDiskVolumeSource: 1 pdID text!, 2 fsType text
Pod: 1 metadata ObjectMeta, 2 spec PodSpec, 3 status PodStatus
PodAffinity: 1 requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm, 2 preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm
PodAffinityTerm: 1 labelSelector LabelSelector!, 2 namespaces []text, 3 topologyKey text!, 4 namespaceSelector LabelSelector!, 5 matchLabelKeys []text, 6 mismatchLabelKeys []text
PodAntiAffinity: 1 requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm, 2 preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm
PodCertificateProjection: 1 signerName text, 2 keyType text, 3 maxExpirationSeconds number!, 4 credentialBundlePath text, 5 keyPath text, 6 certificateChainPath text
PodCondition: 1 type text!, 7 observedGeneration number, 2 status text!, 3 lastProbeTime time, 4 lastTransitionTime time, 5 reason text, 6 message text
PodDNSConfig: 1 nameservers []text, 2 searches []text, 3 options []PodDNSConfigOption
PodDNSConfigOption: 1 name text, 2 value text!
PodOS: 1 name text!
PodReadinessGate: 1 conditionType text!
PodResourceClaim: 1 name text!, 3 resourceClaimName text!, 4 resourceClaimTemplateName text!
PodSchedulingGate: 1 name text!
PodSecurityContext: 1 seLinuxOptions SELinuxOptions!, 8 windowsOptions WindowsSecurityContextOptions!, 2 runAsUser number!, 6 runAsGroup number!, 3 runAsNonRoot flag!, 4 supplementalGroups []number, 12 supplementalGroupsPolicy text!, 5 fsGroup number!, 7 sysctls []Sysctl, 9 fsGroupChangePolicy text!, 10 seccompProfile SeccompProfile!, 11 appArmorProfile AppArmorProfile!, 13 seLinuxChangePolicy text!
PodSpec: 1 volumes []Volume, 20 initContainers []Container, 2 containers []Container, 34 ephemeralContainers []EphemeralContainer, 3 restartPolicy text, 4 terminationGracePeriodSeconds number!, 5 activeDeadlineSeconds number!, 6 dnsPolicy text, 7 nodeSelector {}text, 8 serviceAccountName text, 9 serviceAccount text, 21 automountServiceAccountToken flag!, 10 nodeName text, 11 hostNetwork flag, 12 hostPID flag, 13 hostIPC flag, 27 shareProcessNamespace flag!, 14 securityContext PodSecurityContext!, 15 imagePullSecrets []LocalObjectReference, 16 hostname text, 17 subdomain text, 18 affinity Affinity!, 19 schedulerName text, 22 tolerations []Toleration, 23 hostAliases []HostAlias, 24 priorityClassName text, 25 priority number!, 26 dnsConfig PodDNSConfig!, 28 readinessGates []PodReadinessGate, 29 runtimeClassName text!, 30 enableServiceLinks flag!, 31 preemptionPolicy text!, 32 overhead {}quantity, 33 topologySpreadConstraints []TopologySpreadConstraint, 35 setHostnameAsFQDN flag!, 36 os PodOS!, 37 hostUsers flag!, 38 schedulingGates []PodSchedulingGate, 39 resourceClaims []PodResourceClaim, 40 resources ResourceRequirements!, 41 hostnameOverride text!
PodStatus: 1 phase text, 2 conditions []PodCondition
PortworxVolumeSource: 1 volumeID text!, 2 fsType text, 3 readOnly flag
Preconditions: 1 uid text!, 2 resourceVersion text!
PreferredSchedulingTerm: 1 weight number!, 2 preference NodeSelectorTerm
Probe: 1 =ProbeHandler, 2 initialDelaySeconds number, 3 timeoutSeconds number, 4 periodSeconds number, 5 successThreshold number, 6 failureThreshold number, 7 terminationGracePeriodSeconds number!
ProbeHandler: 1 exec ExecAction!, 2 httpGet HTTPGetAction!, 3 tcpSocket TCPSocketAction!, 4 grpc GRPCAction!
ProjectedVolumeSource: 1 sources []VolumeProjection, 2 defaultMode number!
QuobyteVolumeSource: 1 registry text!, 2 volume text!, 3 readOnly flag, 4 user text, 5 group text, 6 tenant text
RBDVolumeSource: 1 monitors []text, 2 image text!, 3 fsType text, 4 pool text, 5 user text, 6 keyring text, 7 secretRef LocalObjectReference!, 8 readOnly flag
ResourceAttributes: 1 namespace text, 2 verb text, 3 group text, 4 version text, 5 resource text, 6 subresource text, 7 name text, 8 fieldSelector FieldSelectorAttributes!, 9 labelSelector LabelSelectorAttributes!
ResourceClaim: 1 name text!, 2 request text
ResourceFieldSelector: 1 containerName text, 2 resource text!, 3 divisor quantity
ResourceRequirements: 1 limits {}quantity, 2 requests {}quantity, 3 claims []ResourceClaim
SELinuxOptions: 1 user text, 2 role text, 3 type text, 4 level text
ScaleIOVolumeSource: 1 gateway text!, 2 system text!, 3 secretRef LocalObjectReference!, 4 sslEnabled flag, 5 protectionDomain text, 6 storagePool text, 7 storageMode text, 8 volumeName text, 9 fsType text, 10 readOnly flag
SeccompProfile: 1 type text!, 2 localhostProfile text!
Secret: 1 metadata ObjectMeta, 5 immutable flag!, 2 data {}bytes, 4 stringData {}text, 3 type text
SecretEnvSource: 1 =LocalObjectReference, 2 optional flag!
SecretKeySelector: 1 =LocalObjectReference, 2 key text!, 3 optional flag!
SecretProjection: 1 =LocalObjectReference, 2 items []KeyToPath, 4 optional flag!
SecretVolumeSource: 1 secretName text, 2 items []KeyToPath, 3 defaultMode number!, 4 optional flag!
SecurityContext: 1 capabilities Capabilities!, 2 privileged flag!, 3 seLinuxOptions SELinuxOptions!, 10 windowsOptions WindowsSecurityContextOptions!, 4 runAsUser number!, 8 runAsGroup number!, 5 runAsNonRoot flag!, 6 readOnlyRootFilesystem flag!, 7 allowPrivilegeEscalation flag!, 9 procMount text!, 11 seccompProfile SeccompProfile!, 12 appArmorProfile AppArmorProfile!
SelfSubjectAccessReview: 1 metadata ObjectMeta, 2 spec SelfSubjectAccessReviewSpec
SelfSubjectAccessReviewSpec: 1 resourceAttributes ResourceAttributes!, 2 nonResourceAttributes NonResourceAttributes!
SelfSubjectReview: 1 metadata ObjectMeta
SelfSubjectRulesReview: 1 metadata ObjectMeta, 2 spec SelfSubjectRulesReviewSpec
SelfSubjectRulesReviewSpec: 1 namespace text
Service: 1 metadata ObjectMeta, 2 spec ServiceSpec
ServiceAccountTokenProjection: 1 audience text, 2 expirationSeconds number!, 3 path text!
ServicePort: 1 name text, 2 protocol text, 6 appProtocol text!, 3 port number!, 4 targetPort intOrString, 5 nodePort number
ServiceSpec: 1 ports []ServicePort, 2 selector {}text, 3 clusterIP text, 18 clusterIPs []text, 4 type text, 5 externalIPs []text, 7 sessionAffinity text, 8 loadBalancerIP text, 9 loadBalancerSourceRanges []text, 10 externalName text, 11 externalTrafficPolicy text, 12 healthCheckNodePort number, 13 publishNotReadyAddresses flag, 14 sessionAffinityConfig SessionAffinityConfig!, 19 ipFamilies []text, 17 ipFamilyPolicy text!, 20 allocateLoadBalancerNodePorts flag!, 21 loadBalancerClass text!, 22 internalTrafficPolicy text!, 23 trafficDistribution text!
SessionAffinityConfig: 1 clientIP ClientIPConfig!
SleepAction: 1 seconds number!
StorageOSVolumeSource: 1 volumeName text, 2 volumeNamespace text, 3 fsType text, 4 readOnly flag, 5 secretRef LocalObjectReference!
Sysctl: 1 name text!, 2 value text!
TCPSocketAction: 1 port intOrString, 2 host text
Toleration: 1 key text, 2 operator text, 3 value text, 4 effect text, 5 tolerationSeconds number!
TopologySpreadConstraint: 1 maxSkew number!, 2 topologyKey text!, 3 whenUnsatisfiable text!, 4 labelSelector LabelSelector!, 5 minDomains number!, 6 nodeAffinityPolicy text!, 7 nodeTaintsPolicy text!, 8 matchLabelKeys []text
TypeMeta: 1 apiVersion text, 2 kind text
TypedLocalObjectReference: 1 apiGroup text!, 2 kind text!, 3 name text!
TypedObjectReference: 1 apiGroup text!, 2 kind text!, 3 name text!, 4 namespace text!
Unknown: 1 typeMeta TypeMeta, 2 raw binary
Volume: 1 name text!, 2 =VolumeSource
VolumeDevice: 1 name text!, 2 devicePath text!
VolumeMount: 1 name text!, 2 readOnly flag, 7 recursiveReadOnly text!, 3 mountPath text!, 4 subPath text, 5 mountPropagation text!, 6 subPathExpr text
VolumeProjection: 1 secret SecretProjection!, 2 downwardAPI DownwardAPIProjection!, 3 configMap ConfigMapProjection!, 4 serviceAccountToken ServiceAccountTokenProjection!, 5 clusterTrustBundle ClusterTrustBundleProjection!, 6 podCertificate PodCertificateProjection!
VolumeResourceRequirements: 1 limits {}quantity, 2 requests {}quantity
VolumeSource: 1 hostPath HostPathVolumeSource!, 2 emptyDir EmptyDirVolumeSource!, 3 gcePersistentDisk GCEPersistentDiskVolumeSource!, 4 awsElasticBlockStore AWSElasticBlockStoreVolumeSource!, 5 gitRepo GitRepoVolumeSource!, 6 secret SecretVolumeSource!, 7 nfs NFSVolumeSource!, 8 iscsi ISCSIVolumeSource!, 9 glusterfs GlusterfsVolumeSource!, 10 persistentVolumeClaim PersistentVolumeClaimVolumeSource!, 11 rbd RBDVolumeSource!, 12 flexVolume FlexVolumeSource!, 13 cinder CinderVolumeSource!, 14 cephfs CephFSVolumeSource!, 15 flocker FlockerVolumeSource!, 16 downwardAPI DownwardAPIVolumeSource!, 17 fc FCVolumeSource!, 18 azureFile AzureFileVolumeSource!, 19 configMap ConfigMapVolumeSource!, 20 vsphereVolume VsphereVirtualDiskVolumeSource!, 21 quobyte QuobyteVolumeSource!, 22 azureDisk AzureDiskVolumeSource!, 23 photonPersistentDisk PhotonPersistentDiskVolumeSource!, 26 projected ProjectedVolumeSource!, 24 portworxVolume PortworxVolumeSource!, 25 scaleIO ScaleIOVolumeSource!, 27 storageos StorageOSVolumeSource!, 28 csi CSIVolumeSource!, 29 ephemeral EphemeralVolumeSource!, 30 image ImageVolumeSource!
VsphereVirtualDiskVolumeSource: 1 volumePath text!, 2 fsType text, 3 storagePolicyName text, 4 storagePolicyID text
WeightedPodAffinityTerm: 1 weight number!, 2 podAffinityTerm PodAffinityTerm
WindowsSecurityContextOptions: 1 gmsaCredentialSpecName text!, 2 gmsaCredentialSpec text!, 3 runAsUserName text!, 4 hostProcess flag!
`;
