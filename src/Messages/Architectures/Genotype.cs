namespace LPZero.Messages.Architectures;

/// <summary>A network as its search space names it. Equal by its text, which holds everything that distinguishes it.</summary>
public abstract class Genotype : IEquatable<Genotype>
{
    private string? text;

    /// <summary>The name of its space, such as <c>gpt2</c>: what its text begins with, up to the first colon.</summary>
    public abstract string Space { get; }

    /// <summary>Number of layers.</summary>
    public abstract int LayerCount { get; }

    /// <summary>Width of the hidden states.</summary>
    public abstract int HiddenSize { get; }

    /// <summary>Everything that distinguishes it within its space, as text on one line.</summary>
    protected abstract string Content { get; }

    /// <summary>Why no network can be built from the genotype as it is, in one line, or null where one can.</summary>
    public abstract string? FindProblem();

    /// <summary>Why the network cannot be probed with tokens of these sizes, in one line, or null where it can.</summary>
    public virtual string? FindMisfit(EmbeddingSizes sizes) => null;

    /// <summary>Whether the network has a loss of masked tokens: an encoder has, a decoder predicts the next token instead.</summary>
    public virtual bool HasMaskedLoss => false;

    /// <summary>Whether the network has places for dropout.</summary>
    public virtual bool HasDropout => false;

    /// <summary>Whether it is known how its space draws the weights that training begins with.</summary>
    public virtual bool HasStartAsTrained => false;

    /// <summary>
    /// The network that these shapes build from the genotype, written as a genotype again, so that two genotypes with equal results
    /// build the same network.
    /// </summary>
    public abstract Genotype Resolve(Shapes shapes);

    /// <summary>What can be said of the network without building it.</summary>
    /// <param name="sizes">Sizes of the embedding.</param>
    /// <param name="sequenceLength">Tokens in a sequence, which the cost of attention depends on.</param>
    public abstract Structure Describe(EmbeddingSizes sizes, int sequenceLength);

    /// <summary>What it is made of, to be varied; null where the networks of its space are what they are.</summary>
    public virtual Genes? Genes => null;

    /// <summary>The genotype of other genes, all else as it is. No network may be possible: <see cref="FindProblem"/> says so.</summary>
    /// <param name="genes">As many as its own.</param>
    /// <exception cref="InvalidOperationException">It has no genes.</exception>
    public virtual Genotype With(Genes genes) => throw new InvalidOperationException($"a genotype of the space '{Space}' has no genes");

    /// <summary>Equality by text.</summary>
    public static bool operator ==(Genotype? left, Genotype? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Inequality by text.</summary>
    public static bool operator !=(Genotype? left, Genotype? right) => !(left == right);

    /// <inheritdoc/>
    public bool Equals(Genotype? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as Genotype);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary>The space's name, a colon and the content, for keys, seeds and messages; the space reads it back.</summary>
    public sealed override string ToString() => text ??= $"{Space}:{Content}";
}

/// <summary>Reads the text of a genotype of any space. Given by whoever knows the spaces.</summary>
/// <param name="text">What <see cref="Genotype.ToString"/> gave.</param>
/// <returns>The genotype, which <see cref="Genotype.FindProblem"/> has not been asked of.</returns>
/// <exception cref="FormatException">It is of no known space, or not written as that space writes; the message is one line.</exception>
public delegate Genotype GenotypeParser(string text);
