import { eachContainer, type PodRule, setFields } from './pod-rule.js';

/** A volume has one source; without any it is an emptyDir. */
const ofVolume = new Set(['name']);

/** Mounts and volumes that exclude each other. */
export const volumes: PodRule = (spec, report) => {
  const names = new Set(spec.volumes?.map((volume) => volume.name));
  eachContainer(spec, (container, path) => {
    const paths = new Map<string, string>();
    container.volumeMounts?.forEach((mount, at) => {
      const where = [...path, 'volumeMounts', at];
      if (!names.has(mount.name)) {
        const hint = `volumes: ${[...names].join(', ') || 'none'}`;
        report(`no volume is named "${mount.name}"`, [...where, 'name'], hint, 'UnknownVolume');
      }
      const target = mount.mountPath.replace(/(?<=.)\/+$/, '');
      const before = paths.get(target);
      if (before !== undefined)
        report(
          `${mount.mountPath} is where volume "${before}" is mounted already`,
          [...where, 'mountPath'],
          'mount one of them elsewhere',
        );
      paths.set(target, mount.name);
      if (mount.mountPath === '' || mount.mountPath.includes(':'))
        report(
          `"${mount.mountPath}" is no path to mount at`,
          [...where, 'mountPath'],
          'write an absolute path without ":"',
        );
      for (const name of ['subPath', 'subPathExpr'] as const) {
        const sub = mount[name];
        if (sub !== undefined && (sub.startsWith('/') || sub.includes(':') || sub.split('/').includes('..')))
          report(
            sub.includes(':') ? `${name} "${sub}" contains ":"` : `${name} "${sub}" leads out of the volume`,
            [...where, name],
            'write a path below the volume, without ":"',
          );
      }
      if (mount.subPath && mount.subPathExpr)
        report('a mount has a subPath or a subPathExpr, not both', [...where, 'subPathExpr'], 'remove one');
    });
  });
  spec.volumes?.forEach((volume, at) => {
    const sources = setFields(
      volume,
      Object.keys(volume).filter((key) => !ofVolume.has(key)),
    );
    if (sources.length > 1)
      report(
        `volume "${volume.name}" has ${sources.join(' and ')}`,
        ['volumes', at, sources[1] ?? ''],
        'give it exactly one source',
      );
    if (volume.hostPath?.path.split('/').includes('..'))
      report(
        `the host path "${volume.hostPath.path}" leads upwards`,
        ['volumes', at, 'hostPath', 'path'],
        'write it without ".."',
      );
  });
};
