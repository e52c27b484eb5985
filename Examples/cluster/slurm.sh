#!/bin/bash
# Captions by a Slurm array: 16 parts, each a task of its own. `sbatch slurm.sh photos/ captions/`
# Parts that are finished stay: to run what failed once more, submit the same again.
#SBATCH --job-name=blip-captions
#SBATCH --array=0-15
#SBATCH --cpus-per-task=4
#SBATCH --requeue
set -euo pipefail
pictures=${1:?usage: sbatch slurm.sh PICTURES OUT [OPTIONS OF blip caption]}
out=${2:?usage: sbatch slurm.sh PICTURES OUT [OPTIONS OF blip caption]}
exec "${SWIFT_BLIP_PROGRAM:-blip}" caption "$pictures" --shard "auto/${BLIP_PARTS:-16}" --out "$out" \
    --threads "${SLURM_CPUS_PER_TASK:-1}" "${@:3}"
