using System.Collections;
using System.Collections.Immutable;

namespace LPZero.Messages.Proxies;

/// <summary>Unary operations in the order in which they are applied. Equal by content.</summary>
public sealed class Chain : IReadOnlyList<UnaryOperation>, IEquatable<Chain>, IComparable<Chain>
{
    /// <summary>The longest chain that can be configured.</summary>
    public const int MaximumLength = 10;

    /// <summary>
    /// The longest chain of an expression. A canonical form may have two operations more than what it is the form of: l1_norm of what is
    /// not positive becomes mean and negate, and the other branch's sign is written with this one.
    /// </summary>
    public const int MaximumWrittenLength = MaximumLength + 2;

    /// <summary>The chain that leaves its input as it is.</summary>
    public static readonly Chain Empty = new([]);

    private const UnaryOperation Last = UnaryOperation.Disconnect;
    private const int OperationCount = (int)Last + 1;

    private static readonly Chain[] Short = [.. All(1), .. All(2)];

    private readonly ImmutableArray<UnaryOperation> operations;
    private readonly int hash;

    /// <summary>A chain of the given operations, first applied first.</summary>
    public Chain(ImmutableArray<UnaryOperation> operations)
        : this(operations, factor: null)
    {
    }

    private Chain(ImmutableArray<UnaryOperation> operations, Branch? factor)
    {
        this.operations = operations;
        Factor = factor;
        var combined = default(HashCode);
        foreach (var operation in operations)
        {
            combined.Add((int)operation);
        }

        if (factor is not null)
        {
            combined.Add(factor);
        }

        hash = combined.ToHashCode();
    }

    /// <summary>
    /// By what the operations' result is multiplied in the end, element by element; null in all chains but those of a
    /// <see cref="TensorProduct"/>.
    /// </summary>
    public Branch? Factor { get; }

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

    /// <summary>This chain, its result multiplied by that of another branch.</summary>
    /// <exception cref="ArgumentException">One of them is such a product itself.</exception>
    public Chain Times(Branch factor) => Factor is null && factor.Chain.Factor is null
        ? new(operations, factor)
        : throw new ArgumentException("a product of tensors has two factors", nameof(factor));

    /// <inheritdoc/>
    public bool Equals(Chain? other) =>
        ReferenceEquals(this, other)
            || (other is not null && hash == other.hash && operations.AsSpan().SequenceEqual(other.operations.AsSpan())
                && Factor == other.Factor);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Chain);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <summary>Products last, of the others shorter chains first, then by the published numbering of the operations.</summary>
    public int CompareTo(Chain? other)
    {
        if (other is null)
        {
            return 1;
        }

        if ((Factor is null) != (other.Factor is null))
        {
            return Factor is null ? -1 : 1;
        }

        var ofOperations = operations.Length != other.operations.Length
            ? operations.Length.CompareTo(other.operations.Length)
            : operations.AsSpan().SequenceCompareTo(other.operations.AsSpan());
        return ofOperations != 0 || Factor is null
            ? ofOperations
            : (Factor.Input, Factor.Chain).CompareTo((other.Factor!.Input, other.Factor.Chain));
    }

    /// <inheritdoc/>
    public IEnumerator<UnaryOperation> GetEnumerator() => ((IEnumerable<UnaryOperation>)operations).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The operations' names from the outermost to the innermost, separated by spaces, and the factor.</summary>
    public override string ToString()
    {
        var names = string.Join(' ', operations.Reverse().Select(OperationNames.Name));
        return Factor is null ? names : $"{names} * {Factor}";
    }

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
