using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Tests.Vectors;

/// <summary>A tensor of a vector file, row-major.</summary>
internal sealed record VectorTensor(long[] Shape, float[] Elements)
{
    public Tensor ToTensor(ScalarType type = ScalarType.Float32) => tensor(Elements, Shape).to(type);
}

/// <summary>Reads the files described in the vectors' README.</summary>
internal static class VectorFile
{
    private static readonly Dictionary<string, UnaryOperation> PublishedNames = new(StringComparer.Ordinal)
    {
        ["element_wise_log"] = UnaryOperation.Log,
        ["element_wise_abslog"] = UnaryOperation.AbsLog,
        ["element_wise_abs"] = UnaryOperation.Abs,
        ["element_wise_pow"] = UnaryOperation.Square,
        ["element_wise_exp"] = UnaryOperation.Exp,
        ["element_wise_relu"] = UnaryOperation.Relu,
        ["element_wise_invert"] = UnaryOperation.Invert,
        ["element_wise_normalized_sum"] = UnaryOperation.NormalizedSum,
        ["logsoftmax"] = UnaryOperation.LogSoftmax,
        ["element_wise_sqrt"] = UnaryOperation.Sqrt,
        ["element_wise_revert"] = UnaryOperation.Negate,
        ["min_max_normalize"] = UnaryOperation.MinMax,
        ["to_mean_scalar"] = UnaryOperation.Mean,
        ["to_std_scalar"] = UnaryOperation.Std,
    };

    public static JsonElement Read(params string[] path) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine([SharedData.Vectors!, .. path]))).RootElement;

    public static UnaryOperation Operation(string published) =>
        PublishedNames.TryGetValue(published, out var renamed) ? renamed
        : OperationNames.TryUnary(published, out var same) ? same
        : throw new FormatException($"unknown operation '{published}'");

    public static VectorTensor Tensor(JsonElement json)
    {
        var shape = json.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();
        return json.TryGetProperty("b64", out var base64)
            ? new VectorTensor(shape, MemoryMarshal.Cast<byte, float>(base64.GetBytesFromBase64()).ToArray())
            : new VectorTensor(shape, [.. json.GetProperty("data").EnumerateArray().Select(e => (float)Number(e))]);
    }

    public static double Number(JsonElement json) => json.ValueKind == JsonValueKind.Number ? json.GetDouble() : json.GetString() switch
    {
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        var other => double.Parse(other!, CultureInfo.InvariantCulture),
    };
}
