using System.Globalization;
using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Tests.Pruning;

/// <summary>What a chain makes of a tensor: its elements by rows of dimension 0, or one number.</summary>
/// <param name="Rows">Size of dimension 0; 1 for a number.</param>
/// <param name="Elements">Row-major.</param>
/// <param name="IsNumber">Whether it is a number rather than a tensor.</param>
/// <param name="MetConstant">
/// Whether normalize met a tensor of equal or non-finite elements on the way, all of which it turns into 0: the one
/// case in which a value-free branch depends on more than shapes.
/// </param>
internal sealed record OracleTensor(int Rows, Approximate[] Elements, bool IsNumber, bool MetConstant)
{
    public static OracleTensor Of(RandomTensor tensor) =>
        new(tensor.Shape[0], [.. tensor.Values.Select(Approximate.Exact)], IsNumber: false, MetConstant: false);

    public static OracleTensor Number(double value) => new(1, [Approximate.Exact(value)], IsNumber: true, MetConstant: false);

    /// <summary>The product with another tensor of the same shape, element by element.</summary>
    public OracleTensor Times(OracleTensor other) => this with
    {
        Elements = [.. Elements.Zip(other.Elements, (one, factor) => one * factor)],
        MetConstant = MetConstant || other.MetConstant,
    };

    /// <summary>The branch's number: the mean or the sum of the elements.</summary>
    public Approximate Value(Reduction reduction) =>
        IsNumber ? Elements[0] : reduction == Reduction.Mean ? OracleStatistics.Mean(Elements) : OracleStatistics.Sum(Elements);
}

/// <summary>A tensor with how it was made, for messages.</summary>
internal sealed record RandomTensor(string Kind, int[] Shape, double[] Values)
{
    public override string ToString() =>
        $"{Kind} [{string.Join('x', Shape)}] {string.Join(' ', Values.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}";
}
