using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Benchmarks;

/// <summary>
/// The architectures that are trained already, in a file beside the benchmark's, written anew after each, so that a
/// training can be interrupted at any moment. Threads share it.
/// </summary>
internal sealed class PartialTraining
{
    private const string Format = "lpzero-training";
    private const int Version = 1;

    private readonly Lock gate = new();
    private readonly string path;
    private readonly string key;
    private readonly Dictionary<string, FinishedArchitecture> finished = new(StringComparer.Ordinal);

    /// <summary>Continues the file beside the benchmark's, or starts one.</summary>
    /// <param name="benchmarkPath">The benchmark's file.</param>
    /// <param name="space">What is trained.</param>
    /// <param name="numericProfile">What the bits of a training depend on besides: architectures of two profiles are
    /// not one benchmark.</param>
    /// <exception cref="BenchmarkException">The file is of another space or another profile.</exception>
    public PartialTraining(string benchmarkPath, TrainingSpace space, string numericProfile)
    {
        path = benchmarkPath + ".partial";
        key = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{JsonSerializer.Serialize(space.Source)}{space.TokensDigest}|{numericProfile}")));
        if (!File.Exists(path))
        {
            return;
        }

        var root = JsonFile.Read(path, "training");
        BenchmarkFile.CheckFormat(root, Format, Version);
        if (root.Text("space") != key)
        {
            throw new BenchmarkException(
                $"{path}: is what remains of training another space, or with another libtorch or processor; " +
                "delete it or choose another output file");
        }

        foreach (var item in root.Optional("finished")?.Items() ?? [])
        {
            finished.Add(
                item.Name("id"), new FinishedArchitecture(item.NumberOrNot("loss"), item.NumberOrNot("accuracy"), item.Number("seconds")));
        }
    }

    /// <summary>How many are finished.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return finished.Count;
            }
        }
    }

    /// <summary>The architecture's result, or null where it is not finished.</summary>
    public FinishedArchitecture? this[string id]
    {
        get
        {
            lock (gate)
            {
                return finished.GetValueOrDefault(id);
            }
        }
    }

    /// <summary>Adds a result, writes the file, and returns how many are finished.</summary>
    public int Add(string id, FinishedArchitecture architecture)
    {
        lock (gate)
        {
            finished.Add(id, architecture);
            var items = finished.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new
            {
                id = f.Key,
                loss = Number(f.Value.Loss),
                accuracy = Number(f.Value.Accuracy),
                seconds = f.Value.Seconds,
            });
            AtomicFile.Write(path, JsonSerializer.Serialize(new { format = Format, version = Version, space = key, finished = items }));
            return finished.Count;
        }
    }

    /// <summary>Removes the file.</summary>
    public void Delete() => File.Delete(path);

    // JSON has no NaN; the reader takes the text for it.
    private static object Number(double value) => double.IsFinite(value) ? value : "NaN";
}

/// <summary>The result of an architecture's training.</summary>
internal sealed record FinishedArchitecture(double Loss, double Accuracy, double Seconds);
