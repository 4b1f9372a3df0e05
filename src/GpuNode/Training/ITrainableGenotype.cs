using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Training;

/// <summary>A genotype whose network can be trained here.</summary>
internal interface ITrainableGenotype
{
    /// <summary>Why this one cannot be, in one line, or null where it can.</summary>
    string? FindProblemOfTraining() => null;

    /// <summary>Numbers of parameters that its task has beside those of its <see cref="Structure"/>.</summary>
    /// <param name="sizes">Sizes of the embedding.</param>
    long ParametersOfTask(EmbeddingSizes sizes) => 0;

    /// <summary>The network with its first weights. Tensors belong to the caller's dispose scope.</summary>
    /// <param name="sizes">Sizes of the embedding.</param>
    /// <param name="settings">How it is trained.</param>
    /// <param name="seed">Seed of the weights.</param>
    ITrainable StartTraining(EmbeddingSizes sizes, TrainingSettings settings, ulong seed);
}
