using System.Collections;
using System.Collections.Immutable;

namespace LPZero.Messages.Proxies;

/// <summary>Unary operations in the order in which they are applied. Equal by content.</summary>
public sealed class Chain : IReadOnlyList<UnaryOperation>, IEquatable<Chain>, IComparable<Chain>
{
    /// <summary>The longest chain that can be configured.</summary>
    public const int MaximumLength = 10;

    /// <summary>The chain that leaves its input as it is.</summary>
    public static readonly Chain Empty = new([]);

    private const UnaryOperation Last = UnaryOperation.Disconnect;
    private const int OperationCount = (int)Last + 1;

    private static readonly Chain[] Short = [.. All(1), .. All(2)];

    private readonly ImmutableArray<UnaryOperation> operations;
    private readonly int hash;

    /// <summary>A chain of the given operations, first applied first.</summary>
    public Chain(ImmutableArray<UnaryOperation> operations)
    {
        this.operations = operations;
        var combined = default(HashCode);
        foreach (var operation in operations)
        {
            combined.Add((int)operation);
        }

        hash = combined.ToHashCode();
    }

    /// <summary>The operations, first applied first.</summary>
    public ImmutableArray<UnaryOperation> Operations => operations;

    /// <inheritdoc/>
    public int Count => operations.Length;

    /// <inheritdoc/>
    public UnaryOperation this[int index] => operations[index];

    /// <summary>
    /// A chain of the given operations, first applied first. Of up to two operations there is one instance, for millions of uses.
    /// </summary>
    public static Chain Of(params ReadOnlySpan<UnaryOperation> operations) => operations switch
    {
        [] => Empty,
        [<= Last and var only] => Short[(int)only],
        [<= Last and var first, <= Last and var second] => Short[OperationCount + ((int)first * OperationCount) + (int)second],
        _ => new([.. operations]),
    };

    /// <summary>Every chain of exactly <paramref name="length"/> operations, in the order of the published numbering.</summary>
    public static IEnumerable<Chain> All(int length)
    {
        if (length == 0)
        {
            yield return Empty;
            yield break;
        }

        foreach (var prefix in All(length - 1))
        {
            foreach (var operation in Enum.GetValues<UnaryOperation>())
            {
                yield return new Chain(prefix.operations.Add(operation));
            }
        }
    }

    /// <inheritdoc/>
    public bool Equals(Chain? other) =>
        ReferenceEquals(this, other)
            || (other is not null && hash == other.hash && operations.AsSpan().SequenceEqual(other.operations.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Chain);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <summary>Shorter chains first, then by the published numbering of the operations.</summary>
    public int CompareTo(Chain? other)
    {
        if (other is null)
        {
            return 1;
        }

        return operations.Length != other.operations.Length
            ? operations.Length.CompareTo(other.operations.Length)
            : operations.AsSpan().SequenceCompareTo(other.operations.AsSpan());
    }

    /// <inheritdoc/>
    public IEnumerator<UnaryOperation> GetEnumerator() => ((IEnumerable<UnaryOperation>)operations).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The operations' names from the outermost to the innermost, separated by spaces.</summary>
    public override string ToString() =>
        string.Join(' ', operations.Reverse().Select(OperationNames.Name));

    /// <summary>Equality by content.</summary>
    public static bool operator ==(Chain? left, Chain? right) => Equals(left, right);

    /// <summary>Inequality by content.</summary>
    public static bool operator !=(Chain? left, Chain? right) => !Equals(left, right);

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator <(Chain left, Chain right) => left.CompareTo(right) < 0;

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator >(Chain left, Chain right) => left.CompareTo(right) > 0;

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator <=(Chain left, Chain right) => left.CompareTo(right) <= 0;

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator >=(Chain left, Chain right) => left.CompareTo(right) >= 0;
}
