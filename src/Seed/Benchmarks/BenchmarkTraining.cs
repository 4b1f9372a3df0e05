using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LPZero.GpuNode;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.Messages.Architectures;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Benchmarks;

/// <summary>Trains the architectures of a space and writes the benchmark.</summary>
public static class BenchmarkTraining
{
    private static readonly long AllMemory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>
    /// Trains every architecture of the space that is not trained yet and writes the benchmark when all are. What is
    /// trained stays in <c>outputPath.partial</c> if this is interrupted, and is not trained again. An architecture is
    /// trained by one thread, so the result does not depend on their number.
    /// </summary>
    /// <param name="space">What to train, and how.</param>
    /// <param name="outputPath">The benchmark's file.</param>
    /// <param name="threads">Architectures trained side by side.</param>
    /// <param name="progress">Is told of each architecture that ends.</param>
    /// <param name="cancellation">Interrupts the training.</param>
    /// <returns>The benchmark as written.</returns>
    /// <exception cref="BenchmarkException">The space cannot be sampled, the file exists, the partial file is of another space, or the
    /// truth cannot be ranked.</exception>
    /// <exception cref="OperationCanceledException">The training was interrupted.</exception>
    public static async Task<BenchmarkFile> RunAsync(
        TrainingSpace space, string outputPath, int threads, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var genotypes = SpaceSampling.Genotypes(space);
        var partial = new PartialTraining(outputPath, space, NumericProfile.DescribeTraining());
        if (File.Exists(outputPath) && partial.Count == 0)
        {
            throw new BenchmarkException(
                $"{outputPath} is there already ({WhatIs(outputPath)}): choose another file with --out, or delete it to train anew");
        }

        using (var devices = new DeviceThreads([.. Enumerable.Repeat("cpu", threads)], AllMemory, () => new FusedEvaluator()))
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            await Task.WhenAll(genotypes.Index().Where(g => partial[Id(g.Index)] is null).Select(g => TrainAsync(g.Index, g.Item)));

            async Task TrainAsync(int index, Genotype genotype)
            {
                try
                {
                    await devices.RunAsync(Probed(space, genotype), () => Train(index, genotype, stop.Token), stop.Token);
                }
                catch
                {
                    // The others are no use without it.
                    await stop.CancelAsync();
                    throw;
                }
            }
        }

        var file = Collect(space, outputPath, genotypes, partial);
        file.Write(outputPath);
        partial.Delete();
        return file;

        bool Train(int index, Genotype genotype, CancellationToken stop)
        {
            var watch = Stopwatch.StartNew();
            var outcome = ArchitectureTraining.Run(
                genotype, space.Sizes, space.Tokens, space.Training, space.Seed, WeightsSeed(space, genotype), stop);
            var seconds = watch.Elapsed.TotalSeconds;
            var finished = partial.Add(Id(index), new FinishedArchitecture(outcome.Loss, outcome.Accuracy, seconds));
            progress?.Report(new TrainingProgress(finished, genotypes.Count, Id(index), genotype, outcome, seconds));
            return double.IsFinite(outcome.Loss);
        }
    }

    /// <summary>What a training takes of a device is about what probing the network with its batches does.</summary>
    private static ProbedNetwork Probed(TrainingSpace space, Genotype genotype) => new(genotype, new ProbeSettings(
        space.Training.BatchSize, space.Training.SequenceLength, WeightsSeed: 0, BatchSeed: 0, WeightSelection.All, space.Sizes));

    /// <summary>The seed of an architecture's first weights: a function of the space's seed and the architecture's content.</summary>
    private static ulong WeightsSeed(TrainingSpace space, Genotype genotype) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"lpzero-training-1|{space.Seed}|{genotype}"))));

    private static BenchmarkFile Collect(
        TrainingSpace space, string outputPath, IReadOnlyList<Genotype> genotypes, PartialTraining partial)
    {
        var architectures = ImmutableArray.CreateBuilder<Architecture>();
        var trained = ImmutableDictionary.CreateBuilder<string, TrainedArchitecture>();
        var failures = ImmutableArray.CreateBuilder<TrainingFailure>();
        var total = 0.0;
        foreach (var (index, genotype) in genotypes.Index())
        {
            var (loss, accuracy, seconds) = partial[Id(index)]!;
            total += seconds;
            if (!double.IsFinite(loss))
            {
                failures.Add(new TrainingFailure(Id(index), genotype.ToString(), "training diverged: loss or gradients were not finite"));
                continue;
            }

            architectures.Add(new Architecture(Id(index), genotype, -loss));
            trained.Add(Id(index), new TrainedArchitecture(
                WeightsSeed(space, genotype), genotype.Describe(space.Sizes, space.Training.SequenceLength).Parameters!.Total, accuracy,
                seconds));
        }

        if (architectures.Count < Benchmark.FewestArchitectures || architectures.DistinctBy(a => a.Truth).Count() == 1)
        {
            throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture,
                $"{space.Path}: {architectures.Count} of {genotypes.Count} architectures have a truth, " +
                $"with {architectures.DistinctBy(a => a.Truth).Count()} different values; " +
                $"a ranking needs at least {Benchmark.FewestArchitectures} that differ, so lower the learning rate or sample more"));
        }

        return new BenchmarkFile(
            new Benchmark(space.Name, Metric(space), Shapes.Genotype, space.Sizes, architectures.ToImmutable()),
            new TrainingRecord(
                $"lpzero benchmark train --space {space.Path} --out {outputPath}",
                space.Source, space.TokensDigest, total, failures.ToImmutable(), trained.ToImmutable()));
    }

    private static string Metric(TrainingSpace space) =>
        $"negative {(space.Choices.Masks ? "masked" : "next")}-token cross entropy in nats";

    private static string WhatIs(string path)
    {
        try
        {
            var present = BenchmarkFile.Read(path).Benchmark;
            return string.Create(CultureInfo.InvariantCulture,
                $"benchmark '{present.Name}' of {present.Architectures.Length} architectures");
        }
        catch (BenchmarkException)
        {
            return "no benchmark";
        }
    }

    private static string Id(int index) => index.ToString(CultureInfo.InvariantCulture);
}
