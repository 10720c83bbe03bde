//! AES-GCM with each kernel beside other libraries, and what it makes of an SA.
//!
//! Bursts of 32 packets in place, keys set up once; `packet` is one call for each packet, `burst` one for
//! all. Each round seals what it sealed before, which costs the same. Throughput is in packets.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a bench may fail anywhere"
)]

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
mod x86 {
    use core::hint::black_box;

    use aes_gcm::aead::{AeadInOut, KeyInit};
    use aes_gcm::{Aes128Gcm, Aes256Gcm};
    use criterion::measurement::WallTime;
    use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};
    use iiptran::transform::Transform;
    use iiptran_accel::{Aad, Gcm, Icv, Kernel, Nonce, Opening, Sealing, choose};
    use iiptran_benches::{Sas, bench_way};
    use iiptran_turns::{BURST, Size, sizes};

    const AAD: [u8; 8] = [3; 8];

    fn nonce(number: usize) -> [u8; 12] {
        let mut nonce = [1; 12];
        nonce[4..].copy_from_slice(&number.to_be_bytes());
        nonce
    }

    /// A burst in its buffers.
    struct Packets(Vec<Vec<u8>>);

    impl Packets {
        fn numbered(&mut self) -> impl Iterator<Item = ([u8; 12], &mut [u8])> {
            let bodies = self.0.iter_mut().map(Vec::as_mut_slice);
            bodies
                .enumerate()
                .map(|(number, body)| (nonce(number), body))
        }
    }

    fn raw(criterion: &mut Criterion, key: &[u8]) {
        let bits = 8 * key.len();
        for Size { name, bytes } in sizes() {
            let mut packets = Packets(bytes.map(|length| vec![1; length]).into());
            let mut seal = criterion.benchmark_group(format!("raw-seal/aes-{bits}-gcm/{name}"));
            seal.throughput(Throughput::Elements(BURST as u64));
            for kernel in Kernel::available() {
                let gcm = Gcm::new(kernel, key).expect("a key");
                seal_with(&mut seal, &gcm, &mut packets);
            }
            others(&mut seal, key, &mut packets);
            seal.finish();
            let mut open = criterion.benchmark_group(format!("raw-open/aes-{bits}-gcm/{name}"));
            open.throughput(Throughput::Elements(BURST as u64));
            for kernel in Kernel::available() {
                let gcm = Gcm::new(kernel, key).expect("a key");
                open_with(&mut open, &gcm, &mut packets);
            }
            open.finish();
        }
    }

    fn seal_with(group: &mut BenchmarkGroup<'_, WallTime>, gcm: &Gcm, packets: &mut Packets) {
        group.bench_function(BenchmarkId::new("packet", gcm.kernel()), |bencher| {
            bencher.iter(|| {
                for (nonce, body) in packets.numbered() {
                    let tag = gcm.seal(nonce.into(), AAD.into(), body);
                    black_box(tag.expect("sealed"));
                }
            });
        });
        group.bench_function(BenchmarkId::new("burst", gcm.kernel()), |bencher| {
            let mut burst: Vec<Sealing<'_>> = packets
                .numbered()
                .map(|(nonce, body)| Sealing::new(Nonce::from(nonce), Aad::from(AAD), body))
                .collect();
            bencher.iter(|| gcm.seal_burst(black_box(&mut burst)));
        });
    }

    /// Opening changes what is opened, so each round has fresh copies of the sealed packets; `copy` is
    /// what that alone takes.
    fn open_with(group: &mut BenchmarkGroup<'_, WallTime>, gcm: &Gcm, packets: &mut Packets) {
        let mut icvs = Vec::new();
        for (nonce, body) in packets.numbered() {
            let tag = gcm.seal(nonce.into(), AAD.into(), body).expect("sealed");
            icvs.push(Icv::new(&tag.bytes()).expect("an ICV"));
        }
        let sealed = packets.0.clone();
        let fresh = |packets: &mut Packets| {
            for (body, sealed) in packets.0.iter_mut().zip(&sealed) {
                body.copy_from_slice(sealed);
            }
        };
        group.bench_function(BenchmarkId::new("copy", gcm.kernel()), |bencher| {
            bencher.iter(|| {
                fresh(packets);
                black_box(&mut *packets);
            });
        });
        group.bench_function(BenchmarkId::new("packet", gcm.kernel()), |bencher| {
            bencher.iter(|| {
                fresh(packets);
                for ((nonce, body), icv) in packets.numbered().zip(&icvs) {
                    gcm.open(nonce.into(), AAD.into(), body, *icv)
                        .expect("opened");
                }
            });
        });
        group.bench_function(BenchmarkId::new("burst", gcm.kernel()), |bencher| {
            bencher.iter(|| {
                fresh(packets);
                let mut burst: Vec<Opening<'_>> = packets
                    .numbered()
                    .zip(&icvs)
                    .map(|((nonce, body), icv)| {
                        Opening::new(Nonce::from(nonce), Aad::from(AAD), body, *icv)
                    })
                    .collect();
                gcm.open_burst(black_box(&mut burst)).expect("opened");
            });
        });
    }

    fn others(group: &mut BenchmarkGroup<'_, WallTime>, key: &[u8], packets: &mut Packets) {
        use ring::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
        let algorithm = if key.len() == 16 {
            &AES_128_GCM
        } else {
            &AES_256_GCM
        };
        let ring = LessSafeKey::new(UnboundKey::new(algorithm, key).expect("a key"));
        group.bench_function("ring", |bencher| {
            bencher.iter(|| {
                for (nonce, body) in packets.numbered() {
                    let nonce = Nonce::assume_unique_for_key(nonce);
                    let tag = ring.seal_in_place_separate_tag(nonce, Aad::from(AAD), body);
                    black_box(&tag.expect("sealed"));
                }
            });
        });
        if key.len() == 16 {
            portable::<Aes128Gcm>(group, key, packets);
        } else {
            portable::<Aes256Gcm>(group, key, packets);
        }
    }

    fn portable<C>(group: &mut BenchmarkGroup<'_, WallTime>, key: &[u8], packets: &mut Packets)
    where
        C: AeadInOut<NonceSize = aes_gcm::aead::consts::U12> + KeyInit,
    {
        let gcm = C::new_from_slice(key).expect("a key");
        group.bench_function("rustcrypto", |bencher| {
            bencher.iter(|| {
                for (nonce, body) in packets.numbered() {
                    let tag = gcm.encrypt_inout_detached(&nonce.into(), &AAD, body.into());
                    black_box(tag.expect("sealed"));
                }
            });
        });
    }

    /// SAs with and without vector instructions.
    fn sa(criterion: &mut Criterion) {
        let transform = Transform::from_names("aes-128-gcm-16", None).expect("a transform");
        for kernel in [None, Kernel::best()] {
            choose(kernel).expect("it is available");
            let name = kernel.map_or("portable", Kernel::name);
            let name = format!("sa/aes-128-gcm-16/{name}");
            bench_way(criterion, &name, |burst| Sas::new(transform, burst));
        }
    }

    pub(super) fn all(criterion: &mut Criterion) {
        raw(criterion, &[7; 16]);
        raw(criterion, &[7; 32]);
        sa(criterion);
    }
}

fn main() {
    let mut criterion = criterion::Criterion::default().configure_from_args();
    #[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
    x86::all(&mut criterion);
    criterion.final_summary();
}
